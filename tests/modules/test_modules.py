"""Networks as a test sees them: the graph of a pass, roles, weights by role, what can be asked."""

import numpy as np
import pytest
from oracle import functional as F
from oracle import nn, torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.modules import asked, fill, roles
    from course_utils.modules.build import LARGE, built


def network(forward, **parameters):
    """A module of parameters of some shapes, with a forward pass."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            for name, shape in parameters.items():
                self.register_parameter(name, nn.Parameter(torch.randn(shape)))

        def forward(self, x):
            return forward(self, x)

    return Net()


def layers(net, shape=(2, 3, 6, 8)):
    """The layers of a network: kind, and the names of their parameters by kind."""
    found = roles.traced(net, torch.randn(shape))
    return [
        (layer.kind, {k: operand.name for k, operand in layer.operands.items()})
        for layer in found.layers
    ]


def norm_by_hand(net, x):
    mean, var, g, b = (t.view(1, 3, 1, 1) for t in (net.mean, net.var, net.g, net.b))
    return (x - mean) / torch.sqrt(var + 1e-5) * g + b


LINEAR, CONV = {"w": (4, 3), "b": (4,)}, {"w": (4, 3, 3, 3), "b": (4,)}
STYLES = {
    "F.conv2d": (CONV, lambda net, x: F.conv2d(x, net.w, net.b), "conv"),
    "a bias of its own": (
        CONV, lambda net, x: F.conv2d(x, net.w) + net.b[:, None, None], "conv",
    ),
    "a bias in place": (
        CONV, lambda net, x: F.conv2d(x, net.w).add_(net.b.view(1, 4, 1, 1)), "conv",
    ),
    "unfold": (
        CONV,
        lambda net, x: (net.w.flatten(1) @ F.unfold(x, 3)).view(-1, 4, 4, 6) + net.b.view(4, 1, 1),
        "conv",
    ),
    "F.linear": (LINEAR, lambda net, x: F.linear(x.mean((2, 3)), net.w, net.b), "linear"),
    "w.T": (LINEAR, lambda net, x: x.mean((2, 3)) @ net.w.T + net.b, "linear"),
    "einsum": (
        LINEAR, lambda net, x: torch.einsum("ni,oi->no", x.mean((2, 3)), net.w) + net.b, "linear",
    ),
    "inputs first": (
        {"w": (3, 4), "b": (4,)}, lambda net, x: x.mean((2, 3)) @ net.w + net.b, "linear",
    ),
    "addmm": (
        {"w": (3, 4), "b": (4,)}, lambda net, x: torch.addmm(net.b, x.mean((2, 3)), net.w), "linear",
    ),
    "the other way round": (
        LINEAR, lambda net, x: (net.w @ x.mean((2, 3)).T + net.b[:, None]).T, "linear",
    ),
    "the whole image": (
        {"w": (4, 3, 6, 8), "b": (4,)}, lambda net, x: F.conv2d(x, net.w, net.b).flatten(1), "linear",
    ),
    "F.batch_norm": (
        {"w": (3,), "b": (3,)},
        lambda net, x: F.batch_norm(x, torch.zeros(3), torch.ones(3), net.w, net.b),
        "norm",
    ),
    "F.layer_norm": (
        {"w": (6, 8), "b": (6, 8)}, lambda net, x: F.layer_norm(x, (6, 8), net.w, net.b), "norm",
    ),
    "F.prelu": ({"w": (3,)}, lambda net, x: F.prelu(x, net.w), "slope"),
}  # fmt: skip


@pytest.mark.parametrize(("shapes", "forward", "kind"), STYLES.values(), ids=STYLES)
def test_a_layer_is_known_in_any_style(shapes, forward, kind):
    [(found, parameters)] = layers(network(forward, **shapes))
    assert found == kind
    assert sorted(parameters.values()) == sorted(shapes)
    assert parameters.get("shift") == ("b" if "b" in shapes else None)


def test_a_norm_by_hand_is_a_norm_and_its_statistics_are_no_parameters():
    net = network(norm_by_hand, g=(3,), b=(3,))
    net.register_buffer("mean", torch.zeros(3))
    net.register_buffer("var", torch.ones(3))
    assert layers(net) == [("norm", {"scale": "g", "shift": "b"})]
    assert roles.traced(net, torch.randn(2, 3, 4, 5)).buffers() == ["mean", "var"]


def filled(net, x, seed=3, **changes):
    fill.fill(roles.traced(net, x), dict(net.named_parameters()), seed, **changes)
    return net


@pytest.mark.parametrize(
    "styles",
    [
        ("F.conv2d", "a bias of its own", "a bias in place", "unfold"),
        ("F.linear", "w.T", "einsum", "inputs first", "addmm", "the other way round"),
    ],
    ids=["convolution", "linear"],
)
def test_the_same_layer_gets_the_same_weights_in_any_style(styles):
    torch.manual_seed(0)
    x, outputs = torch.randn(2, 3, 6, 8), []
    for name in styles:
        shapes, forward, _ = STYLES[name]
        outputs.append(filled(network(forward, **shapes), x)(x))
    for other in outputs[1:]:
        torch.testing.assert_close(other, outputs[0])


def branches(net, x):
    third = F.conv2d(x, net.c)
    first = F.conv2d(x, net.a)
    second = F.conv2d(F.conv2d(x, net.b1).relu(), net.b2)
    return torch.cat([first, second, third], 1)


def test_branches_are_counted_in_the_order_in_which_they_are_joined():
    net = network(branches, c=(4, 3, 1, 1), b2=(5, 2, 1, 1), a=(6, 3, 1, 1), b1=(2, 3, 1, 1))
    names = [parameters["weight"] for _, parameters in layers(net)]
    assert names == ["a", "b1", "b2", "c"]


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_summands_the_deeper_one_comes_first(swapped):
    def forward(net, x):
        short, long = F.conv2d(x, net.s), F.conv2d(F.conv2d(x, net.a), net.b)
        return long + short if swapped else short + long

    net = network(forward, s=(4, 3, 1, 1), a=(4, 3, 1, 1), b=(4, 4, 1, 1))
    assert [parameters["weight"] for _, parameters in layers(net)] == ["a", "b", "s"]


def test_stages_are_poolings_sums_joints_and_linear_layers():
    def forward(net, x):
        x = F.max_pool2d(F.conv2d(x, net.w, padding=1) + x, 2).relu_()
        x = F.adaptive_avg_pool2d(torch.cat([x, x], 1), (3, 4))  # the second leaves it as it is
        return F.linear(x.mean((2, 3)) * 2 + 1, net.v)

    net = network(forward, w=(3, 3, 3, 3), v=(5, 6))
    found = roles.traced(net, torch.randn(2, 3, 6, 8))
    assert [(node.op, node.shape) for node in found.stages()] == [
        ("add", (2, 3, 6, 8)),
        ("maxpool", (2, 3, 3, 4)),
        ("cat", (2, 6, 3, 4)),
        ("avgpool", (2, 6)),
        ("linear", (2, 5)),
    ]


def test_a_large_network_is_traced_without_computing_anything():
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.LazyLinear(10))
    net = built(lambda: net, (), {}, torch.zeros(1, 3, 150, 150))
    ran = []
    net[0].register_forward_hook(lambda module, args, out: ran.append(out.device.type))
    assert len(roles.traced(net, torch.zeros(1, 3, 150, 150)).layers) == 2
    assert ran == ["meta"]


def test_a_large_network_that_looks_at_numbers_is_traced_all_the_same():
    def forward(net, x):
        return F.conv2d(x, net.w) if x.sum() == 0 else x

    net = network(forward, w=(4, 3, 3, 3))
    assert len(layers(net, (1, 3, 200, 200))) == 0
    assert len(roles.traced(net, torch.zeros(1, 3, 200, 200)).layers) == 1


def test_tracing_leaves_modes_parameters_and_hooks_as_they_were():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout()).train()
    net[1].eval()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    roles.traced(net, torch.randn(2, 3, 6, 8))
    assert [module.training for module in net.modules()] == [True, True, False, True]
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())


# -- weights by role -----------------------------------------------------------------------------------
def test_weights_have_the_spread_of_their_fan_in_and_differ_between_layers():
    net = nn.Sequential(nn.Conv2d(20, 90, 3), nn.BatchNorm2d(90), nn.Conv2d(90, 90, 3, groups=3))
    filled(net, torch.randn(1, 20, 9, 9))
    assert abs(float(net[0].weight.detach().std()) / (2 / 180) ** 0.5 - 1) < 0.05
    assert abs(float(net[2].weight.detach().std()) / (2 / 270) ** 0.5 - 1) < 0.05
    assert 0.9 < float(net[1].weight.detach().mean()) < 1.1 and (net[1].weight > 0).all()
    assert abs(float(net[0].bias.detach().mean())) < 0.05
    first = net[0].weight.detach().flatten()[:90] / net[0].weight.detach().std()
    second = net[2].weight.detach().flatten()[:90] / net[2].weight.detach().std()
    assert float((first - second).abs().mean()) > 0.5


def test_a_seed_decides_the_weights():
    x = torch.randn(2, 3, 6, 8)
    first, again, other = (filled(nn.Conv2d(3, 4, 3), x, seed)(x) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_a_weight_longer_than_the_pattern_repeats_it():
    net = filled(nn.Conv2d(300, 300, 1), torch.randn(1, 300, 2, 2))
    flat = net.weight.detach().flatten()
    assert torch.equal(flat[: 300 * 300 - fill.PERIOD], flat[fill.PERIOD :])
    assert not torch.equal(net.weight[0], net.weight[1])


def test_parameters_are_multiplied_and_layers_filled_alike_where_that_is_asked():
    def make():
        return nn.Sequential(nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1))

    x = torch.randn(2, 3, 4, 5)
    plain = filled(make(), x)
    alike = filled(
        make(), x, same=[(1, 0)], scale=[(0, "shift", 0.0), (-1, "shift", 2.0), (7, "shift", 0)]
    )
    assert torch.equal(alike[1].weight, plain[0].weight) and torch.equal(
        alike[0].weight, plain[0].weight
    )
    assert not alike[0].bias.any()
    assert torch.equal(alike[1].bias, 2 * plain[0].bias)


# -- making one ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("draw", "options"),
    [
        *[(name, {}) for name in ("kaiming_normal_", "kaiming_uniform_", "xavier_uniform_", "uniform_")],
        ("trunc_normal_", {}),
        ("trunc_normal_", {"mean": 1.0, "std": 0.5, "a": 0.0, "b": 0.9}),  # the mean itself is cut off
    ],
)  # fmt: skip
def test_random_weights_are_drawn_for_small_tensors_only(draw, options):
    def maker(size):
        net = nn.Linear(size, 2)
        net.weight.data.fill_(1e30)  # as memory may be
        getattr(nn.init, draw)(net.weight, **options)
        return net

    assert built(maker, (LARGE // 2,), {}, torch.zeros(1)).weight.std() > 0
    weight = built(maker, (LARGE,), {}, torch.zeros(1)).weight
    assert (weight == weight[0, 0]).all()


@pytest.mark.parametrize("size", [100_001, 3_000_001])
@pytest.mark.parametrize("start", [0, 7])
def test_a_large_draw_around_zero_is_zero_whatever_was_there(size, start):
    assert size > LARGE

    def maker():
        net = nn.Linear(1, 1)
        net.whole = nn.Parameter(torch.full((size + 14,), 5.0))
        net.weight = nn.Parameter(net.whole.data[start : start + size] if start else net.whole.data)
        nn.init.normal_(net.weight, std=0.01)
        return net

    net = built(maker, (), {}, torch.zeros(1))
    assert (net.weight == 0).all()
    if start:  # what lies beside it in the same memory stays
        assert (net.whole[:start] == 5).all() and (net.whole[start + size :] == 5).all()


def test_making_a_network_touches_neither_the_random_state_nor_the_default_dtype():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    net = built(nn.Linear, (5, 4), {}, torch.zeros(1, dtype=torch.float64))
    assert net.weight.dtype is torch.float64
    assert torch.get_default_dtype() is torch.float32 and torch.equal(torch.get_rng_state(), state)
    with pytest.raises(TypeError):
        built(nn.Linear, (), {}, torch.zeros(1, dtype=torch.float64))
    assert torch.get_default_dtype() is torch.float32 and torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("maker", "said"),
    [
        (lambda: F.relu, "torch.nn.Module was expected, function was made"),
        (lambda: nn.Linear, "torch.nn.Module was expected, type was made"),
        (lambda: network(lambda net, x: (x, x)), "gives tuple, not one tensor"),
        (lambda: network(lambda net, x: None), "gives NoneType, not one tensor"),
        (lambda: network(lambda net, x: torch.ones(2)), "does not come from its input"),
    ],
)
def test_what_is_no_network_is_said(maker, said):
    with pytest.raises(roles.NotANetwork, match=said):
        asked.ask(maker, ((), {}), {"x": (2, 3, 4, 5), "wants": ("output",)})


# -- questions -----------------------------------------------------------------------------------------
def make():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(96, 5),
    )


def ask(wants, maker=make, **plan):
    return asked.ask(maker, ((), {}), {"x": (2, 3, 6, 8), "wants": (wants,), **plan})[wants]


def test_outputs_of_several_passes_see_the_modes():
    first, second, last = ask("outputs", passes=("train", "train", "eval"))
    assert not np.array_equal(first, second)  # dropout
    assert not np.array_equal(last, ask("output"))  # running statistics
    np.testing.assert_array_equal(ask("outputs", passes=("train", "train", "eval"))[0], first)


def test_what_each_question_tells():
    wants = (
        "structure",
        "leaves",
        "stages",
        "buffers",
        "changes",
        "input",
        "gradients",
        "input_gradient",
    )
    told = asked.ask(make, ((), {}), {"x": (2, 3, 6, 8), "passes": ("train",), "wants": wants})
    assert told["structure"]["count"] == 3 * 4 * 9 + 4 + 8 + 96 * 5 + 5
    assert [name for name, _ in told["leaves"]] == [
        "Conv2d", "BatchNorm2d", "ReLU", "Flatten", "Dropout", "Linear",
    ]  # fmt: skip
    assert [(kind, value.shape) for kind, value in told["stages"]] == [("linear", (2, 5))]
    mean, var = told["buffers"]
    assert mean.any() and (var != 1).any()
    assert all(change == 0 for *_, change in told["changes"])
    rows = [(number, kind, value.shape) for number, kind, value in told["gradients"]]
    assert rows[0] == (0, "weight", (4 * 3 * 3 * 3,)) and rows[-1] == (2, "shift", (5,))
    assert told["input_gradient"].shape == told["input"].shape == (2, 3, 6, 8)


def test_gradients_have_the_same_order_in_whatever_shape_a_parameter_is():
    nets = (
        lambda: nn.Sequential(nn.Conv2d(3, 4, (6, 8)), nn.Flatten(), nn.ReLU(), nn.Linear(4, 5)),
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(144, 4), nn.ReLU(), nn.Unflatten(1, (4, 1, 1)),
                              nn.Conv2d(4, 5, 1), nn.Flatten()),
    )  # fmt: skip
    mine, theirs = (ask("gradients", maker) for maker in nets)
    assert [role for *role, _ in mine] == [role for *role, _ in theirs] and len(mine) == 4
    for (*_, one), (*_, other) in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(one, other)


def test_gradients_and_slopes_agree_with_autograd():
    rows = {(n, kind): (own, step) for n, kind, own, step in ask("slopes", spread=2.0)}
    assert rows.keys() == {(0, "weight"), (0, "shift"), (1, "scale"), (1, "shift"), (2, "weight"),
                           (2, "shift"), (-1, "input")}  # fmt: skip
    for own, step in rows.values():
        assert abs(own - step) < 1e-6 * max(abs(step), 1)


def test_a_parameter_that_a_pass_changes_and_one_without_gradient_show():
    def forward(net, x):
        with torch.no_grad():
            net.w.add_(2)
        return F.conv2d(F.conv2d(x, net.w), net.v.detach())

    def maker():
        return network(forward, w=(4, 3, 1, 1), v=(4, 4, 1, 1))

    assert [round(change, 9) for *_, change in ask("changes", maker)] == [2.0, 0.0]
    assert [value is None for *_, value in ask("gradients", maker)] == [False, True]


def test_the_input_that_a_pass_changes_shows():
    drawn = ask("input")
    changed = ask(
        "input", lambda: network(lambda net, x: F.conv2d(x.mul_(2), net.w), w=(4, 3, 1, 1))
    )
    np.testing.assert_array_equal(changed, 2 * drawn)


def test_what_lives_on_one_device_only_shows():
    def left_behind(net, x):
        return F.conv2d(x, net.w) + torch.ones(4, 1, 1)

    def looking(net, x):
        assert x.isfinite().all() and x.sum().item() < 1e9
        return F.conv2d(x, net.w)

    assert ask("device") is True
    assert ask("device", lambda: network(looking, w=(4, 3, 1, 1))) is True
    assert ask("device", lambda: network(left_behind, w=(4, 3, 1, 1))) is False


def test_parameters_that_are_missing_or_used_twice_are_told():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.convs = [nn.Conv2d(3, 3, 1)]
            self.again, self.spare = nn.Conv2d(3, 3, 1), nn.Linear(2, 2)
            self.again.bias.requires_grad_(False)

        def forward(self, x):
            return self.again(self.again(self.convs[0](x)))

    told = ask("structure", Net)
    assert told["loose"] == [(0, "weight"), (0, "shift")]
    assert told["again"] == [("again.weight", 1, 2), ("again.bias", 1, 2)]
    assert told["unused"] == ["spare.weight", "spare.bias"]
    assert told["frozen"] == ["again.bias"]


def split_in_two(net, x):
    halves = zip(x.chunk(2, 1), net.first, net.second, strict=True)
    return torch.cat([second(first(half).relu()) for half, first, second in halves], 1)


def test_a_grouped_convolution_may_be_written_as_one_for_each_group():
    class Towers(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.ModuleList(nn.Conv2d(3, 4, 3) for _ in range(2))
            self.second = nn.ModuleList(nn.Conv2d(4, 5, 1) for _ in range(2))

        forward = split_in_two

    def grouped():
        return nn.Sequential(nn.Conv2d(6, 8, 3, groups=2), nn.ReLU(), nn.Conv2d(8, 10, 1, groups=2))

    plan = {"x": (2, 6, 5, 7), "wants": ("output", "structure", "slopes", "gradients")}
    mine, theirs = (asked.ask(maker, ((), {}), plan) for maker in (Towers, grouped))
    np.testing.assert_allclose(mine["output"], theirs["output"])
    shapes = [[layer[2] for layer in told["structure"]["layers"]] for told in (mine, theirs)]
    assert shapes[0] == shapes[1]
    for one, other in zip(mine["slopes"], theirs["slopes"], strict=True):
        assert one[:2] == other[:2] and one[2:] == pytest.approx(other[2:])
    for (*role, one), (*same, other) in zip(mine["gradients"], theirs["gradients"], strict=True):
        assert role == same
        np.testing.assert_allclose(one, other)
    assert (
        mine["structure"]["loose"]
        == mine["structure"]["unused"]
        == mine["structure"]["again"]
        == []
    )


def test_branches_that_all_see_the_whole_input_are_not_groups():
    def forward(net, x):
        return torch.cat([F.conv2d(x, net.a), F.conv2d(x, net.b)], 1)

    net = network(forward, a=(4, 3, 1, 1), b=(4, 3, 1, 1))
    assert len(layers(net)) == 2


def test_what_is_written_into_slices_of_a_tensor_has_the_shape_of_the_whole():
    def forward(net, x):
        out = x.new_empty(2, 7, 6, 8)
        out[:, :4] = F.conv2d(x, net.a)
        out[:, 4:] = F.conv2d(x, net.b).relu()
        return out

    net = network(forward, b=(3, 3, 1, 1), a=(4, 3, 1, 1))
    found = roles.traced(net, torch.randn(2, 3, 6, 8))
    assert [layer.operands["weight"].name for layer in found.layers] == ["a", "b"]
    assert found.nodes[found.order[-1]].shape == (2, 7, 6, 8)


def test_a_module_in_two_places_has_its_own_tensors_after_a_pass_on_the_meta_device():
    block = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3))
    net = nn.Sequential(block, block, nn.Flatten(), nn.Linear(3 * 150 * 150, 32))
    found = roles.traced(net, torch.zeros(1, 3, 150, 150))
    assert found.again and not any(t.is_meta for t in (*net.parameters(), *net.buffers()))
