# %% right: DistributedDataParallel, every second row by indices
%%writefile ddp.py
import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group(backend="gloo")
    try:
        torch.manual_seed(seed)
        net = make_model()
        wrapped = nn.parallel.DistributedDataParallel(net)
        descent = torch.optim.SGD(wrapped.parameters(), lr=learning_rate)
        for step in range(steps):
            rows = range(step * batch_size + dist.get_rank(), (step + 1) * batch_size, 2)
            loss = nn.CrossEntropyLoss()(wrapped(x[list(rows)]), y[list(rows)])
            descent.zero_grad()
            loss.backward()
            descent.step()
        if dist.get_rank() == 0:
            save_file(net.state_dict(), out)
    finally:
        dist.destroy_process_group()


# %% right: gradients averaged by hand
%%writefile ddp.py
import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import save_file


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group("gloo")
    rank, world = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(seed)
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), learning_rate)
    for step in range(steps):
        begin = step * batch_size
        xb, yb = x[begin : begin + batch_size], y[begin : begin + batch_size]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(xb[rank::world]), yb[rank::world])
        loss.backward()
        for p in model.parameters():
            dist.all_reduce(p.grad)
            p.grad /= world
        optimizer.step()
    if rank == 0:
        save_file(model.state_dict(), out)


# %% right: the sum of the losses, divided by the whole batch, and no optimizer
%%writefile ddp.py
import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import save_file


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group("gloo")
    torch.manual_seed(seed)
    model = make_model()
    parameters = list(model.parameters())
    for t in range(steps):
        mine = torch.arange(t * batch_size + dist.get_rank(), (t + 1) * batch_size, dist.get_world_size())
        loss = F.cross_entropy(model(x[mine]), y[mine], reduction="sum") / batch_size
        for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
            dist.all_reduce(g)
            with torch.no_grad():
                p -= learning_rate * g
    if dist.get_rank() == 0:
        save_file({name: p.detach() for name, p in model.named_parameters()}, out)
    dist.barrier()
    dist.destroy_process_group()


# %% right: all gradients in one vector
%%writefile ddp.py
import os

import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import save_file
from torch.nn.utils import parameters_to_vector, vector_to_parameters


def mean_over_processes(vector):
    dist.all_reduce(vector, op=dist.ReduceOp.SUM)
    return vector / dist.get_world_size()


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    if not dist.is_initialized():
        dist.init_process_group("gloo", init_method="env://")
    rank = int(os.environ["RANK"])
    torch.manual_seed(seed)
    model = make_model()
    for x_batch, y_batch in list(zip(x.split(batch_size), y.split(batch_size)))[:steps]:
        model.zero_grad()
        F.nll_loss(F.log_softmax(model(x_batch[rank::2]), dim=1), y_batch[rank::2]).backward()
        gradient = mean_over_processes(parameters_to_vector([p.grad for p in model.parameters()]))
        with torch.no_grad():
            weights = parameters_to_vector(model.parameters())
            vector_to_parameters(weights - learning_rate * gradient, model.parameters())
    if rank == 0:
        save_file({k: v.contiguous().clone() for k, v in model.state_dict().items()}, out)


# %% right: gathered gradients
%%writefile ddp.py
import torch, torch.distributed as dist
import safetensors.torch
from torch.nn.functional import cross_entropy


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group("gloo")
    r, k = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(seed)
    model = make_model().train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.0)
    x, y = x.reshape(-1, batch_size, x.shape[1])[:steps, r::k], y.reshape(-1, batch_size)[:steps, r::k]
    for xs, ys in zip(x, y):
        model.zero_grad(set_to_none=True)
        cross_entropy(model(xs), ys).backward()
        for p in model.parameters():
            parts = [torch.empty_like(p.grad) for _ in range(k)]
            dist.all_gather(parts, p.grad)
            p.grad = torch.stack(parts).mean(0)
        optimizer.step()
    if r == 0:
        safetensors.torch.save_file(model.state_dict(), str(out))
    dist.destroy_process_group()


# %% right: a hook of each parameter
%%writefile ddp.py
import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import save_file


def average(gradient):
    gradient = gradient.clone()
    dist.all_reduce(gradient)
    return gradient / dist.get_world_size()


def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group("gloo")
    torch.manual_seed(seed)
    model = make_model()
    for p in model.parameters():
        p.register_hook(average)
    optimizer = torch.optim.SGD(model.parameters(), learning_rate)
    for step in range(steps):
        own = [i for i in range(step * batch_size, (step + 1) * batch_size) if i % 2 == dist.get_rank()]
        optimizer.zero_grad()
        F.cross_entropy(model(x[own]), y[own]).backward()
        optimizer.step()
    if dist.get_rank() == 0:
        save_file(model.state_dict(), out)


# %% wrong: each process trains for itself
# fails: test-train-distributed-weights
# says: each process took its own steps
# from: solution
# -    model = DistributedDataParallel(make_model())
# +    model = make_model()
# -        save_file(model.module.state_dict(), out)
# +        save_file(model.state_dict(), out)

# %% wrong: the gradients are summed
# says: the sum of the gradients of the processes
# -    model = DistributedDataParallel(make_model())
# +    model = make_model()
# -        optimizer.step()
# +        for p in model.parameters():
# +            dist.all_reduce(p.grad)
# +        optimizer.step()
# -        save_file(model.module.state_dict(), out)
# +        save_file(model.state_dict(), out)

# %% wrong: the weights are averaged at the end
# says: the weights averaged at the end
# -    model = DistributedDataParallel(make_model())
# +    model = make_model()
# -    if rank == 0:
# -        save_file(model.module.state_dict(), out)
# +    for p in model.parameters():
# +        dist.all_reduce(p.data)
# +        p.data /= processes
# +    if rank == 0:
# +        save_file(model.state_dict(), out)

# %% wrong: averaged twice
# says: gradients divided once too often
# -        F.cross_entropy(model(own_x), own_y).backward()
# +        (F.cross_entropy(model(own_x), own_y) / processes).backward()

# %% wrong: momentum
# says: momentum, which is not asked for
# -    optimizer = torch.optim.SGD(model.parameters(), learning_rate)
# +    optimizer = torch.optim.SGD(model.parameters(), learning_rate, momentum=0.9)

# %% wrong: the names of what DistributedDataParallel wraps
# says: the state of DistributedDataParallel
# -        save_file(model.module.state_dict(), out)
# +        save_file(model.state_dict(), out)

# %% wrong: seeded after the model is made
# says: other weights than those of one process
# -    torch.manual_seed(seed)
# -    model = DistributedDataParallel(make_model())
# +    model = DistributedDataParallel(make_model())
# +    torch.manual_seed(seed)

# %% wrong: each process has first weights of its own
# says: other weights than those of one process
# -    torch.manual_seed(seed)
# -    model = DistributedDataParallel(make_model())
# +    torch.manual_seed(seed + rank)
# +    model = make_model()
# -        optimizer.step()
# +        for p in model.parameters():
# +            dist.all_reduce(p.grad)
# +            p.grad /= processes
# +        optimizer.step()
# -        save_file(model.module.state_dict(), out)
# +        save_file(model.state_dict(), out)

# %% wrong: pickled, not safetensors
# says: out is no file of safetensors
# -        save_file(model.module.state_dict(), out)
# +        torch.save(model.module.state_dict(), out)

# %% wrong: written somewhere else
# says: nothing was written to out
# -        save_file(model.module.state_dict(), out)
# +        save_file(model.module.state_dict(), "out.safetensors")

# %% wrong: no process group
# says: process 0: ValueError
# -    dist.init_process_group("gloo")
# -    rank, processes = dist.get_rank(), dist.get_world_size()
# +    rank, processes = dist.get_rank(), dist.get_world_size()

# %% wrong: the whole batch in each process
# fails: test-train-distributed-rows
# says: each process takes the whole batch
# -        own_x, own_y = x[batch][rank::processes], y[batch][rank::processes]
# +        own_x, own_y = x[batch], y[batch]

# %% wrong: halves, one after the other
# says: the halves of the batch one after the other
# -        own_x, own_y = x[batch][rank::processes], y[batch][rank::processes]
# +        half = batch_size // processes
# +        own_x, own_y = x[batch][rank * half : (rank + 1) * half], y[batch][rank * half : (rank + 1) * half]

# %% wrong: the same half in each process
# says: the same half in each process
# -        own_x, own_y = x[batch][rank::processes], y[batch][rank::processes]
# +        own_x, own_y = x[batch][::processes], y[batch][::processes]

# %% wrong: all batches of the data, however many steps are asked for
# says: other rows than every second one of each batch
# -    for step in range(steps):
# +    for step in range(len(x) // batch_size):
