# %% right: a stable sort of the maxima
def top_patches(model, layers, index, unit, images, k=9):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        maps = model[: index + 1](images)[:, unit]
    for m, mode in modes:
        m.training = mode
    flat = maps.flatten(1)
    best, places = flat.max(dim=1)
    found = []
    for i in torch.sort(best, descending=True, stable=True).indices[:k].tolist():
        first = int((flat[i] == best[i]).nonzero()[0])
        top, left, bottom, right = receptive_box(layers, divmod(first, maps.shape[-1]))
        box = max(0, top), max(0, left), min(images.shape[-2], bottom), min(images.shape[-1], right)
        found.append((i, box, best[i].item()))
    return found


# %% right: NumPy after the network
def top_patches(model, layers, index, unit, images, k=9):
    before = {name: m.training for name, m in model.named_modules()}
    model.train(False)
    with torch.inference_mode():
        x = images
        for number in range(index + 1):
            x = model[number](x)
    for name, m in model.named_modules():
        m.training = before[name]
    maps = x[:, unit].numpy()
    best = maps.reshape(len(maps), -1).max(axis=1)
    order = np.argsort(-best, kind="stable")[:k]
    height, width = images.shape[2:]
    patches = []
    for i in order:
        row, column = np.unravel_index(maps[i].argmax(), maps[i].shape)
        top, left, bottom, right = receptive_box(layers, (int(row), int(column)))
        box = np.clip([top, left, bottom, right], 0, [height, width, height, width])
        patches.append((int(i), tuple(box.tolist()), float(best[i])))
    return patches


# %% right: a hook, taken away again
def top_patches(model, layers, index, unit, images, k=9):
    seen = []
    handle = model[index].register_forward_hook(lambda m, i, out: seen.append(out.detach().clone()))
    modes = [m.training for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            model(images)
    finally:
        handle.remove()
        for m, mode in zip(model.modules(), modes):
            m.training = mode
    rows = []
    for n, one in enumerate(seen[0][:, unit]):
        value = max(v for row in one.tolist() for v in row)
        i, j = next((i, j) for i, row in enumerate(one.tolist()) for j, v in enumerate(row) if v == value)
        top, left, bottom, right = receptive_box(layers, (i, j))
        h, w = images.shape[2], images.shape[3]
        rows.append([n, [max(top, 0), max(left, 0), min(bottom, h), min(right, w)], value])
    rows.sort(key=lambda row: row[2], reverse=True)
    return rows[:k]


# %% right: a copy of the model, image by image
import copy
import heapq


def top_patches(model, layers, index, unit, images, k=9):
    net = copy.deepcopy(model[: index + 1]).eval()
    _, _, height, width = images.shape
    found = []
    with torch.no_grad():
        for number, image in enumerate(images):
            one = net(image[None])[0, unit]
            place = one.reshape(-1).argmax().item()
            i, j = place // one.size(1), place % one.size(1)
            top, left, bottom, right = receptive_box(layers, (i, j))
            box = (top if top > 0 else 0, left if left > 0 else 0, min(height, bottom), min(width, right))
            found.append((number, box, one[i, j]))
    return heapq.nsmallest(k, found, key=lambda row: (-row[2].item(), row[0]))


# %% right: tensors come back, a decorator
@torch.no_grad()
def top_patches(model, layers, index, unit, images, k=9):
    part = nn.Sequential(*list(model.children())[: index + 1])
    modes = {m: m.training for m in part.modules()}
    part.eval()
    maps = part(images)[:, unit]
    for m, mode in modes.items():
        m.training = mode
    n, rows, columns = maps.shape
    values, places = maps.reshape(n, -1).max(dim=1)
    order = sorted(range(n), key=lambda i: (-values[i], i))
    result = []
    for i in order[: min(k, n)]:
        p = (maps[i].reshape(-1) == values[i]).int().argmax()
        box = torch.tensor(receptive_box(layers, (p // columns, p % columns)))
        low = torch.zeros(4, dtype=box.dtype)
        high = torch.tensor([images.shape[2], images.shape[3]] * 2)
        result.append((torch.tensor(i), torch.minimum(torch.maximum(box, low), high), values[i]))
    return result


# %% right: its own receptive fields, no helper
def top_patches(model, layers, index, unit, images, k=9):
    was = [(m, m.training) for m in model.modules()]
    model.eval()
    x = images
    with torch.no_grad():
        for number, layer in enumerate(model):
            x = layer(x)
            if number == index:
                break
    for m, mode in was:
        m.training = mode
    size, jump, start = 1, 1, 0
    for kernel, stride, padding in layers:
        start, size, jump = start - padding * jump, size + (kernel - 1) * jump, jump * stride
    width = x.shape[3]
    flat = x[:, unit].flatten(1).tolist()
    best = sorted(range(len(flat)), key=lambda i: -max(flat[i]))[:k]

    def box(i):
        at = flat[i].index(max(flat[i]))
        ends = []
        for place, limit in zip(divmod(at, width), images.shape[2:]):
            ends.append((max(0, start + place * jump), min(limit, start + place * jump + size)))
        return (ends[0][0], ends[1][0], ends[0][1], ends[1][1])

    return [(i, box(i), max(flat[i])) for i in best]


# %% wrong: several patches of one image
# fails: test-top-patches-images
# says: several patches of one image
# from: solution
# -    found = []
# -    for number, one in enumerate(x[:, unit]):
# -        place = int(one.flatten().argmax())
# -        row, column = divmod(place, one.shape[1])
# +    found = []
# +    places = [(n, p) for n in range(len(x)) for p in range(x[n, unit].numel())]
# +    for number, place in places:
# +        one = x[number, unit]
# +        row, column = divmod(place, one.shape[1])

# %% wrong: the mean of the map
# says: the mean of the unit's map
# -        found.append((number, box, one[row, column].item()))
# +        found.append((number, box, one.mean().item()))

# %% wrong: the sum of the map
# says: the sum of the unit's map
# -        found.append((number, box, one[row, column].item()))
# +        found.append((number, box, one.sum().item()))

# %% wrong: the smallest first
# says: the smallest activations
# fails: test-top-patches-images, test-top-patches-boxes
# because: the least active position is another place
# -        place = int(one.flatten().argmax())
# +        place = int(one.flatten().argmin())
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: patch[2])[:k]

# %% wrong: the images sorted the wrong way round
# fails: test-top-patches-images
# says: wrong
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: patch[2])[:k]

# %% wrong: the largest last
# fails: test-top-patches-images
# says: the smallest of the k first
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: -patch[2])[:k][::-1]

# %% wrong: in the order of the images
# says: wrong
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(sorted(found, key=lambda patch: -patch[2])[:k])

# %% wrong: all images
# says: all images, whatever k is
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: -patch[2])

# %% wrong: always nine
# says: wrong
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: -patch[2])[:9]

# %% wrong: one layer too few
# fails: test-top-patches-images, test-top-patches-boxes
# because: a position before the pooling is another position
# says: one layer too few
# -        for layer in model[: index + 1]:
# +        for layer in model[:index]:

# %% wrong: one layer too many
# fails: test-top-patches-images, test-top-patches-boxes, test-top-patches-ties, test-top-patches-model
# because: where there is no layer more it raises an IndexError
# says: top_patches raised
# -        for layer in model[: index + 1]:
# +        for layer in [*model[: index + 1], model[index + 1]]:

# %% wrong: units counted from 1
# fails: test-top-patches-images
# says: channels count from 0
# -    for number, one in enumerate(x[:, unit]):
# +    for number, one in enumerate(x[:, unit - 1]):

# %% wrong: the largest distance from 0
# fails: test-top-patches-images
# says: the largest distance from 0
# -        place = int(one.flatten().argmax())
# +        one = one.abs()
# +        place = int(one.flatten().argmax())

# %% wrong: not clipped
# fails: test-top-patches-boxes
# says: boxes that are not clipped
# -        box = (max(top, 0), max(left, 0), min(bottom, height), min(right, width))
# +        box = (top, left, bottom, right)

# %% wrong: clipped at 0 alone
# fails: test-top-patches-boxes
# says: wrong
# -        box = (max(top, 0), max(left, 0), min(bottom, height), min(right, width))
# +        box = (max(top, 0), max(left, 0), bottom, right)

# %% wrong: clipped to the other side
# fails: test-top-patches-boxes
# says: wrong
# -    height, width = images.shape[2:]
# +    width, height = images.shape[2:]

# %% wrong: row and column exchanged
# says: row and column exchanged
# -        top, left, bottom, right = receptive_box(layers, (row, column))
# +        top, left, bottom, right = receptive_box(layers, (column, row))

# %% wrong: rows counted by the height
# fails: test-top-patches-boxes
# says: wrong
# -        row, column = divmod(place, one.shape[1])
# +        row, column = divmod(place, one.shape[0])
# -        found.append((number, box, one[row, column].item()))
# +        found.append((number, box, one.max().item()))

# %% wrong: inclusive ends
# fails: test-top-patches-boxes, test-top-patches-ties
# because: the box of a single pixel is empty
# says: bottom and right inclusive
# -        box = (max(top, 0), max(left, 0), min(bottom, height), min(right, width))
# +        box = (max(top, 0), max(left, 0), min(bottom - 1, height), min(right - 1, width))

# %% wrong: moved into the image, not clipped
# fails: test-top-patches-boxes
# says: wrong
# -        box = (max(top, 0), max(left, 0), min(bottom, height), min(right, width))
# +        down, across = max(0, -top), max(0, -left)
# +        box = (top + down, left + across, min(bottom + down, height), min(right + across, width))

# %% wrong: layers the other way round
# says: the layers in the reverse order
# -        top, left, bottom, right = receptive_box(layers, (row, column))
# +        top, left, bottom, right = receptive_box(layers[::-1], (row, column))

# %% wrong: the later image first
# fails: test-top-patches-ties
# says: of equal images the later one
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: patch[2])[::-1][:k]

# %% wrong: the last of equal positions
# says: of equal positions the last one
# -        place = int(one.flatten().argmax())
# +        place = int((one.flatten() == one.max()).nonzero()[-1])

# %% wrong: by boxes where activations are equal
# says: wrong
# -    return sorted(found, key=lambda patch: -patch[2])[:k]
# +    return sorted(found, key=lambda patch: (-patch[2], patch[1]))[:k]

# %% wrong: train mode
# fails: test-top-patches-model
# says: model.eval() left out
# -    model.eval()

# %% wrong: left in eval mode
# says: a part of the model is in another mode
# -    for module, mode in modes:
# -        module.training = mode

# %% wrong: all put into train mode
# says: parts may have been in eval mode
# -    for module, mode in modes:
# -        module.training = mode
# +    model.train()

# %% wrong: a graph
# says: a graph is built
# -    with torch.no_grad():
# +    with torch.enable_grad():

# %% wrong: gradients off for good
# says: torch.set_grad_enabled(False) as a statement
# -    with torch.no_grad():
# +    torch.set_grad_enabled(False)
# +    if True:

# %% wrong: a hook that stays
# fails: test-top-patches-model
# says: a hook that stays
# from: a hook, taken away again
# -        handle.remove()
# +        pass
