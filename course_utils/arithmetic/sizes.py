"""Output sizes along an axis, and of a whole map."""

from course_utils.arithmetic.arguments import checked, pair_of


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    """Size of a convolution's or a pool's output along one axis.

    ``floor((size + 2 * padding - span) / stride) + 1``, where the kernel spans
    ``dilation * (kernel_size - 1) + 1`` pixels. The floor drops the pixels at the end that no whole
    step reaches. Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning,
    2016, relationships 6 and 15, https://arxiv.org/abs/1603.07285.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        Pixels along this axis; ``padding`` is added at both ends.
    exact : bool
        Whether to refuse a kernel whose steps leave pixels over.

    Returns
    -------
    int
        Number of positions of the kernel, at least 1.

    Raises
    ------
    ValueError
        If size, kernel, stride or dilation is below 1 or the padding below 0; if the kernel spans
        more than the padded input; if ``exact`` and the kernel does not tile the input.

    Examples
    --------
    >>> conv_output_size(227, 11, stride=4)
    55
    >>> conv_output_size(7, 3, stride=3)
    2
    >>> conv_output_size(7, 3, stride=3, exact=True)
    Traceback (most recent call last):
    ValueError: kernel_size=3 with stride=3 does not tile size=7: (7 + 2*0 - 3)/3 + 1 = 2.33
    """
    size, kernel_size, stride, padding, dilation = checked(
        size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    span = dilation * (kernel_size - 1) + 1
    padded = size + 2 * padding
    if span > padded:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {span}, larger than the "
            f"padded input size={size} + 2*padding={padding} = {padded}"
        )
    steps, left_over = divmod(padded - span, stride)
    if exact and left_over:
        raise ValueError(
            f"kernel_size={kernel_size} with stride={stride} does not tile size={size}: "
            f"({size} + 2*{padding} - {span})/{stride} + 1 = {(padded - span) / stride + 1:.2f}"
        )
    return steps + 1


def conv_output_shape(shape, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    """Output shape (H, W) of a convolution or a pool; every argument but ``exact`` int or pair.

    Parameters and errors are those of :func:`conv_output_size`, once per axis.

    Examples
    --------
    >>> conv_output_shape((32, 48), kernel_size=(3, 5), stride=(1, 2), padding=(1, 0))
    (32, 22)
    """
    axes = zip(
        pair_of("size", shape),
        pair_of("kernel_size", kernel_size),
        pair_of("stride", stride),
        pair_of("padding", padding),
        pair_of("dilation", dilation),
        strict=True,
    )
    return tuple(conv_output_size(*axis, exact=exact) for axis in axes)


def same_padding(kernel_size, dilation=1):
    """Padding that keeps the size at stride 1: half of what the kernel spans beyond one pixel.

    Raises
    ------
    ValueError
        If the kernel spans an even number of pixels: it would need half a pixel at each end.

    Examples
    --------
    >>> [same_padding(kernel_size) for kernel_size in (1, 3, 5, 7)]
    [0, 1, 2, 3]
    >>> same_padding(2, dilation=2)
    1
    """
    kernel_size, dilation = checked(kernel_size=kernel_size, dilation=dilation)
    beyond = dilation * (kernel_size - 1)
    if beyond % 2:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {beyond + 1}, an even "
            f"number: padding {beyond / 2} at each end is not whole"
        )
    return beyond // 2


def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Size of a transposed convolution's output along one axis.

    ``(size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1``.
    It undoes the size of a convolution with the same numbers, not its values. With a stride,
    several sizes convolve to the same one; ``output_padding`` (below ``stride``) says which of them
    to return to. Source: Dumoulin and Visin 2016, relationship 14.

    Raises
    ------
    ValueError
        If an argument is too small, or if the padding crops the whole output away.

    Examples
    --------
    >>> transposed_output_size(4, kernel_size=3, stride=2)
    9
    >>> conv_output_size(9, kernel_size=3, stride=2), conv_output_size(10, kernel_size=3, stride=2)
    (4, 4)
    >>> transposed_output_size(4, kernel_size=3, stride=2, output_padding=1)
    10
    """
    size, kernel_size, stride, padding, dilation = checked(
        size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    (output_padding,) = checked(output_padding=output_padding)
    whole = (size - 1) * stride + dilation * (kernel_size - 1) + output_padding + 1
    if whole <= 2 * padding:
        raise ValueError(
            f"2*padding={padding} crops away all {whole} pixels that size={size}, "
            f"kernel_size={kernel_size}, stride={stride}, dilation={dilation} give"
        )
    return whole - 2 * padding
