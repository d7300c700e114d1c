# %% right: a temporary name from tempfile, in the same folder
import tempfile


def save_checkpoint(path, model, optimizer, epoch):
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(
                {
                    "epoch": epoch,
                    "model_state_dict": model.state_dict(),
                    "optimizer_state_dict": optimizer.state_dict(),
                    "rng": torch.random.get_rng_state(),
                },
                file,
            )
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def resume(path, model, optimizer):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["model_state_dict"])
    optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
    torch.random.set_rng_state(checkpoint["rng"])
    return checkpoint["epoch"]


# %% right: a tuple, os.path, os.rename
def save_checkpoint(path, model, optimizer, epoch):
    path = os.fspath(path)
    temporary = os.path.join(os.path.dirname(path), "." + os.path.basename(path) + ".tmp")
    parts = (model.state_dict(), optimizer.state_dict(), epoch, torch.get_rng_state())
    torch.save(list(parts), temporary)
    os.rename(temporary, path)


def resume(path, model, optimizer):
    weights, moments, epoch, random = torch.load(path, weights_only=True)
    model.load_state_dict(weights)
    optimizer.load_state_dict(moments)
    torch.set_rng_state(random)
    return epoch


# %% right: the file is pushed to the disk, the epoch is a tensor
def save_checkpoint(path, model, optimizer, epoch):
    target = Path(path)
    new = target.parent / f"{target.name}.new"
    state = dict(
        model=model.state_dict(), optimizer=optimizer.state_dict(), epoch=torch.tensor(epoch), rng=torch.get_rng_state()
    )
    with new.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(target)


def resume(path, model, optimizer):
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    model.load_state_dict(state["model"], strict=True)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"].clone())
    return state["epoch"].item()


# %% right: classes, copies on the CPU
class Snapshot:
    def __init__(self, model, optimizer, epoch):
        self.fields = {
            "weights": {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()},
            "optimizer": optimizer.state_dict(),
            "epoch": int(epoch),
            "random": {"cpu": torch.default_generator.get_state()},
        }

    def write(self, path):
        beside = f"{path}~"
        torch.save(self.fields, beside)
        os.replace(beside, path)


def save_checkpoint(path, model, optimizer, epoch):
    Snapshot(model, optimizer, epoch).write(path)


def resume(path, model, optimizer):
    fields = torch.load(str(path), weights_only=True)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(fields["weights"][name])
    optimizer.load_state_dict(fields["optimizer"])
    torch.default_generator.set_state(fields["random"]["cpu"])
    return fields["epoch"]


# %% right: written into memory first
import io


def save_checkpoint(path, model, optimizer, epoch):
    buffer = io.BytesIO()
    everything = {"model": model, "optimizer": optimizer}
    state = {name: part.state_dict() for name, part in everything.items()}
    torch.save(state | {"epoch": epoch, "random": torch.get_rng_state()}, buffer)
    path = Path(path)
    partial = path.with_suffix(".part")
    partial.write_bytes(buffer.getvalue())
    os.replace(partial, path)


def resume(path, model, optimizer):
    state = torch.load(io.BytesIO(Path(path).read_bytes()), weights_only=True)
    for name, part in {"model": model, "optimizer": optimizer}.items():
        part.load_state_dict(state[name])
    torch.set_rng_state(state["random"])
    return state["epoch"]


# %% right: texts and lists, a folder's name kept apart, the state put back at the end
def save_checkpoint(path, model, optimizer, epoch):
    before = torch.get_rng_state()
    folder, name = os.path.split(path)
    weights = [[key, value] for key, value in model.state_dict().items()]
    groups = optimizer.state_dict()
    whole = {"weights": weights, **groups, "done": str(epoch), "random": before.tolist()}
    unfinished = os.path.join(folder, f"{name}.{os.getpid()}")
    torch.save(whole, unfinished, _use_new_zipfile_serialization=True)
    os.replace(unfinished, os.path.join(folder, name))
    torch.set_rng_state(before)


def resume(path, model, optimizer):
    whole = torch.load(path, weights_only=True)
    model.load_state_dict(dict(whole["weights"]))
    optimizer.load_state_dict({key: whole[key] for key in ("state", "param_groups")})
    torch.set_rng_state(torch.tensor(whole["random"], dtype=torch.uint8))
    return int(whole["done"])


# %% wrong: the parameters alone
# fails: test-checkpoint-weights
# says: running statistics of batch norm
# from: solution
# -        "model": model.state_dict(),
# +        "model": dict(model.named_parameters()),
# -    model.load_state_dict(state["model"])
# +    model.load_state_dict(state["model"], strict=False)

# %% wrong: the weights are not loaded
# says: the resumed model has other weights
# -    model.load_state_dict(state["model"])

# %% wrong: loaded into a copy
# says: the resumed model has other weights
# -    model.load_state_dict(state["model"])
# +    import copy
# +
# +    copy.deepcopy(model).load_state_dict(state["model"])

# %% wrong: the optimizer left out
# fails: test-checkpoint-optimizer
# says: the optimizer's state left out
# -        "optimizer": optimizer.state_dict(),
# +        "name": "checkpoint",
# -    optimizer.load_state_dict(state["optimizer"])

# %% wrong: the optimizer saved and not loaded
# says: the optimizer's state left out
# -    optimizer.load_state_dict(state["optimizer"])

# %% wrong: only the groups of the optimizer
# says: the optimizer's state left out
# -        "optimizer": optimizer.state_dict(),
# +        "optimizer": optimizer.state_dict()["param_groups"],
# -    optimizer.load_state_dict(state["optimizer"])
# +    optimizer.param_groups[0]["lr"] = state["optimizer"][0]["lr"]

# %% wrong: the random state left out
# fails: test-checkpoint-random
# says: torch.get_rng_state() left out
# -        "random": torch.get_rng_state(),
# +        "name": "checkpoint",
# -    torch.set_rng_state(state["random"])

# %% wrong: a seed in place of the state
# says: torch.get_rng_state() left out
# -        "random": torch.get_rng_state(),
# +        "random": torch.initial_seed(),
# -    torch.set_rng_state(state["random"])
# +    torch.manual_seed(state["random"])

# %% wrong: something draws after the random state is put back
# says: set before something draws
# -    torch.set_rng_state(state["random"])
# +    torch.set_rng_state(state["random"])
# +    torch.rand(1)

# %% wrong: seeds while it saves
# says: drawing, or seeding, in save_checkpoint
# -    state = {
# +    torch.manual_seed(0)
# +    state = {

# %% wrong: one epoch more
# fails: test-checkpoint-epoch
# says: wrong number of completed epochs
# -    return state["epoch"]
# +    return state["epoch"] + 1

# %% wrong: one epoch fewer is saved
# says: wrong number of completed epochs
# -        "epoch": epoch,
# +        "epoch": epoch - 1,

# %% wrong: nothing comes back
# says: wrong number of completed epochs
# -    return state["epoch"]

# %% wrong: the state comes back
# says: wrong number of completed epochs
# -    return state["epoch"]
# +    return state

# %% wrong: the model itself is saved
# fails: test-checkpoint-plain
# says: save their state_dict()
# -        "model": model.state_dict(),
# +        "model": model,
# -    state = torch.load(path, weights_only=True)
# -    model.load_state_dict(state["model"])
# +    state = torch.load(path, weights_only=False)
# +    model.load_state_dict(state["model"].state_dict())

# %% wrong: the path is saved, too
# says: save their state_dict()
# -        "epoch": epoch,
# +        "epoch": epoch,
# +        "path": Path(path),
# -    state = torch.load(path, weights_only=True)
# +    state = torch.load(path, weights_only=False)

# %% wrong: whatever is in the file may run
# says: torch.load with weights_only=False
# -    state = torch.load(path, weights_only=True)
# +    state = torch.load(path, weights_only=False)

# %% wrong: pickle in place of torch.save
# says: save their state_dict()
# -    torch.save(state, partial)
# +    import pickle
# +
# +    with open(partial, "wb") as file:
# +        pickle.dump(state, file)
# -    state = torch.load(path, weights_only=True)
# +    import pickle
# +
# +    with open(path, "rb") as file:
# +        state = pickle.load(file)

# %% wrong: written to the path itself
# fails: test-checkpoint-whole
# says: writing to the path itself
# -    partial = Path(path).with_name(Path(path).name + ".partial")
# -    torch.save(state, partial)
# -    os.replace(partial, path)
# +    torch.save(state, path)

# %% wrong: the old one removed before the new one is written
# says: the checkpoint before is lost
# -    torch.save(state, partial)
# +    if Path(path).exists():
# +        os.remove(path)
# +    torch.save(state, partial)

# %% wrong: the old one removed before the new one has its name
# says: for a moment there is no checkpoint
# -    os.replace(partial, path)
# +    if Path(path).exists():
# +        Path(path).unlink()
# +    partial.rename(path)

# %% wrong: a temporary file elsewhere
# says: a folder that may be on another disk
# -    partial = Path(path).with_name(Path(path).name + ".partial")
# +    import tempfile
# +
# +    partial = Path(tempfile.mkdtemp()) / "checkpoint"
# -    os.replace(partial, path)
# +    import shutil
# +
# +    shutil.move(partial, path)

# %% wrong: the temporary file is left
# says: other files are left in the folder
# -    os.replace(partial, path)
# +    import shutil
# +
# +    shutil.copy(partial, path)

# %% wrong: one file for each part
# says: other files are left in the folder
# -    os.replace(partial, path)
# +    torch.save(optimizer.state_dict(), f"{path}.optimizer")
# +    os.replace(partial, path)

# %% wrong: a suffix of its own
# fails: test-checkpoint-plain, test-checkpoint-whole
# because: there is no file at the path
# says: there is no such file
# -    os.replace(partial, path)
# +    os.replace(partial, f"{path}.pt")
# -    state = torch.load(path, weights_only=True)
# +    state = torch.load(f"{path}.pt", weights_only=True)
