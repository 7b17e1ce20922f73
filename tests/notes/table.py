"""The notes' callables: every parameter in order, its kind, its default, and what it does.

Pure data. `signature` is what the notes print; `where` says whether the notes have a parameter
there (NOTES), only in the list below it (LIST), or not at all (MORE: PyTorch has it). Defaults
are source text, evaluated with `torch`, `nn`, `F` and `transforms` bound to either library.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NOTES, LIST, MORE = "in the notes' signature", "in the notes' list", "not in the notes"
REQUIRED = ""

# The headings of the notes, in their order; and the callables that an example there uses.
HEADINGS = [
    "nn.Sequential", "nn.Conv2d", "nn.Flatten", "nn.Parameter", "torch.randn", "nn.Dropout",
    "torch.cat", "nn.TransformerEncoderLayer", "nn.TransformerEncoder", "nn.LayerNorm",
    "nn.Linear", "nn.CrossEntropyLoss", "torch.optim.Adam", "model.parameters",
    "transforms.Compose", "tqdm",
]  # fmt: skip
IN_EXAMPLES = {
    "transforms.Compose": [
        "transforms.ToPILImage", "transforms.RandomRotation", "transforms.ToTensor",
        "transforms.Normalize",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    name: str  # "*size" and "**names" as in a signature
    default: str
    what: str
    where: str = NOTES
    keyword: bool = False  # only by keyword
    notes_default: str = ""  # where the notes print another one


@dataclass(frozen=True)
class Entry:
    name: str
    heading: str
    what: str
    parameters: tuple[Parameter, ...]
    signature: str = ""  # in the notes; "" where they have none
    built: str = ""  # an object made with defaults …
    attributes: dict[str, str] = field(default_factory=dict)  # … and what it remembers
    builtin: bool = False  # PyTorch's is compiled: Python sees no signature
    # The parts of a callable (a method) that the notes describe under the same heading.
    part: bool = False


P = Parameter
DEVICE = P("device", "None", "where the parameters live: None or 'cpu'; others raise", MORE)
DTYPE = P("dtype", "None", "of the parameters; None: the default dtype", MORE)
LISTED_DEVICE = P("device", "None", "where the parameters live: None or 'cpu'; others raise")
LISTED_DTYPE = P("dtype", "None", "of the parameters; None: the default dtype")

TABLE = [
    Entry("nn.Sequential", "nn.Sequential", "applies modules one after another", (
        P("*args", REQUIRED, "modules, named 0, 1, …; or one OrderedDict of name → module", LIST),
    ), built="nn.Sequential()", attributes={"training": "True"}),
    Entry("nn.Sequential.add_module", "nn.Sequential", "adds one more at the end", (
        P("name", REQUIRED, "a text without dots that is not an attribute yet", LIST),
        P("module", REQUIRED, "a Module, or None for a place that is kept empty", LIST),
    ), part=True),
    Entry("nn.Conv2d", "nn.Conv2d", "slides learned patterns over an image", (
        P("in_channels", REQUIRED, "channels of the image: 3 for RGB"),
        P("out_channels", REQUIRED, "number of patterns, so channels of the result"),
        P("kernel_size", REQUIRED, "pixels of a pattern, an int or (height, width)"),
        P("stride", "1", "pixels from one position to the next"),
        P("padding", "0", "pixels added at each side; or 'same', 'valid'"),
        P("dilation", "1", "pixels from one kernel element to the next"),
        P("groups", "1", "parts of the channels that do not mix"),
        P("bias", "True", "learn a number per pattern to add"),
        P("padding_mode", "'zeros'", "what is added: zeros, reflect, replicate or circular", LIST),
        DEVICE, DTYPE,
    ), "torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True)",
        "nn.Conv2d(1, 2, 3)", {
            "in_channels": "1", "out_channels": "2", "kernel_size": "(3, 3)", "stride": "(1, 1)",
            "padding": "(0, 0)", "dilation": "(1, 1)", "groups": "1", "padding_mode": "'zeros'",
            "bias.shape": "torch.Size([2])", "weight.dtype": "torch.float32",
            "weight.device": "device(type='cpu')",
        }),
    Entry("nn.Flatten", "nn.Flatten", "joins dimensions; (N, C, H, W) → (N, C·H·W)", (
        P("start_dim", "1", "the first dimension to join"),
        P("end_dim", "-1", "the last one"),
    ), "torch.nn.Flatten(start_dim=1, end_dim=-1)", "nn.Flatten()", {"start_dim": "1", "end_dim": "-1"}),
    Entry("nn.Parameter", "nn.Parameter", "a tensor that a module registers and an optimizer changes", (
        P("data", "None", "the tensor, whose memory is shared; None: an empty one"),
        P("requires_grad", "True", "whether backward fills its grad"),
    ), "torch.nn.Parameter(data=None, requires_grad=True)", "nn.Parameter()", {
        "shape": "torch.Size([0])", "requires_grad": "True", "is_leaf": "True", "grad": "None",
    }),
    Entry("torch.randn", "torch.randn", "numbers from the normal distribution, mean 0, variance 1", (
        P("*size", REQUIRED, "the shape, as ints or as one list or tuple"),
        P("generator", "None", "the stream to draw from; None: the global one", keyword=True),
        P("out", "None", "a tensor that takes the numbers", keyword=True),
        P("dtype", "None", "a floating point dtype; None: the default dtype", keyword=True),
        P("layout", "torch.strided", "of the memory; only strided is there", keyword=True),
        P("device", "None", "None or 'cpu'; others raise", keyword=True),
        P("requires_grad", "False", "whether operations on it are recorded", keyword=True),
        P("pin_memory", "False", "page-locked memory, which needs an accelerator: raises", keyword=True),
        P("**names", REQUIRED, "size= by name, which cannot stand in a signature after *size", MORE),
    ), "torch.randn(*size, generator=None, out=None, dtype=None, layout=torch.strided, device=None, requires_grad=False, pin_memory=False)",
        "torch.randn(2)", {
            "dtype": "torch.float32", "layout": "torch.strided", "device": "device(type='cpu')",
            "requires_grad": "False", "is_pinned()": "False",
        }, builtin=True),
    Entry("nn.Dropout", "nn.Dropout", "while training, sets random elements to 0 and enlarges the rest", (
        P("p", "0.5", "the probability of 0"),
        P("inplace", "False", "change the input itself"),
    ), "torch.nn.Dropout(p=0.5, inplace=False)", "nn.Dropout()", {"p": "0.5", "inplace": "False", "training": "True"}),
    Entry("torch.cat", "torch.cat", "joins tensors along a dimension that exists", (
        P("tensors", REQUIRED, "a list or tuple, equal in all other dimensions"),
        P("dim", "0", "the dimension along which they follow one another"),
        P("out", "None", "a tensor that takes the result", keyword=True),
    ), "torch.cat(tensors, dim=0, out=None)", builtin=True),
    Entry("nn.TransformerEncoderLayer", "nn.TransformerEncoderLayer", "self-attention, then a network on each token", (
        P("d_model", REQUIRED, "features of a token"),
        P("nhead", REQUIRED, "attention heads; divides d_model"),
        P("dim_feedforward", "2048", "width of the hidden layer"),
        P("dropout", "0.1", "probability, in attention and after each part"),
        P("activation", "F.relu", "'relu', 'gelu' or a function of a tensor", notes_default="'relu'"),
        P("layer_norm_eps", "1e-05", "ε in both LayerNorms: 10⁻⁵"),
        P("batch_first", "False", "(batch, token, feature) instead of (token, batch, feature)"),
        P("norm_first", "False", "normalise before each part instead of after"),
        P("bias", "True", "learn biases in the linear layers and the norms"),
        LISTED_DEVICE, LISTED_DTYPE,
    ), "torch.nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None, dtype=None)",
        "nn.TransformerEncoderLayer(6, 2)", {
            "self_attn.embed_dim": "6", "self_attn.num_heads": "2", "linear1.out_features": "2048",
            "dropout.p": "0.1", "dropout1.p": "0.1", "dropout2.p": "0.1", "self_attn.dropout": "0.1",
            "activation.__name__": "'relu'", "norm1.eps": "1e-05", "norm2.eps": "1e-05",
            "self_attn.batch_first": "False", "norm_first": "False",
            "linear1.bias.shape": "torch.Size([2048])", "norm1.bias.shape": "torch.Size([6])",
        }),
    Entry("nn.TransformerEncoderLayer.forward", "nn.TransformerEncoderLayer", "one pass through the layer", (
        P("src", REQUIRED, "the tokens", MORE),
        P("src_mask", "None", "(S, S): pairs of tokens that may not look at each other", MORE),
        P("src_key_padding_mask", "None", "(N, S): tokens that are padding", MORE),
        P("is_causal", "False", "a hint that src_mask hides the future", MORE),
    ), part=True),
    Entry("nn.TransformerEncoder", "nn.TransformerEncoder", "a stack of copies of one layer", (
        P("encoder_layer", REQUIRED, "the layer to copy"),
        P("num_layers", REQUIRED, "how many copies"),
        P("norm", "None", "a module for the last output"),
        P("enable_nested_tensor", "True", "in eval, do not compute padding"),
        P("mask_check", "True", "and look first whether padding is at the ends"),
    ), "torch.nn.TransformerEncoder(encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True)",
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, batch_first=True), 2)", {
            "num_layers": "2", "norm": "None", "enable_nested_tensor": "True",
            "use_nested_tensor": "True", "mask_check": "True",
        }),
    Entry("nn.TransformerEncoder.forward", "nn.TransformerEncoder", "one pass through all layers", (
        P("src", REQUIRED, "the tokens", MORE),
        P("mask", "None", "(S, S): pairs of tokens that may not look at each other", MORE),
        P("src_key_padding_mask", "None", "(N, S): tokens that are padding", MORE),
        P("is_causal", "None", "whether mask hides the future; None: look at it", MORE),
    ), part=True),
    Entry("nn.LayerNorm", "nn.LayerNorm", "brings the last dimensions to mean 0 and variance 1", (
        P("normalized_shape", REQUIRED, "sizes of the last dimensions, or an int for the last one"),
        P("eps", "1e-05", "added to the variance"),
        P("elementwise_affine", "True", "learn a factor and a shift for each element"),
        P("bias", "True", "learn the shift", MORE),
        LISTED_DEVICE, LISTED_DTYPE,
    ), "torch.nn.LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, device=None, dtype=None)",
        "nn.LayerNorm(3)", {
            "normalized_shape": "(3,)", "eps": "1e-05", "elementwise_affine": "True",
            "weight.shape": "torch.Size([3])", "bias.shape": "torch.Size([3])",
        }),
    Entry("nn.Linear", "nn.Linear", "y = x·Wᵀ + b", (
        P("in_features", REQUIRED, "size of the last dimension of x"),
        P("out_features", REQUIRED, "size of the last dimension of y"),
        P("bias", "True", "learn b, a number for each output"),
        LISTED_DEVICE, LISTED_DTYPE,
    ), "torch.nn.Linear(in_features, out_features, bias=True, device=None, dtype=None)",
        "nn.Linear(2, 3)", {
            "in_features": "2", "out_features": "3", "weight.shape": "torch.Size([3, 2])",
            "bias.shape": "torch.Size([3])", "weight.dtype": "torch.float32",
        }),
    Entry("nn.CrossEntropyLoss", "nn.CrossEntropyLoss", "−log of the probability given to the right class", (
        P("weight", "None", "a factor for each class"),
        P("size_average", "None", "deprecated: False means reduction='sum'"),
        P("ignore_index", "-100", "a target that does not count"),
        P("reduce", "None", "deprecated: False means reduction='none'"),
        P("reduction", "'mean'", "'none', 'mean' (weighted by weight) or 'sum'"),
        P("label_smoothing", "0.0", "share of the target spread over all classes", MORE),
    ), "torch.nn.CrossEntropyLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
        "nn.CrossEntropyLoss()", {
            "weight": "None", "ignore_index": "-100", "reduction": "'mean'", "label_smoothing": "0.0",
        }),
    Entry("torch.optim.Adam", "torch.optim.Adam", "steps of about lr in the direction that lowers the loss", (
        P("params", REQUIRED, "tensors, (name, tensor) pairs, or groups with options of their own"),
        P("lr", "0.001", "size of a step; a number or a tensor of one"),
        P("betas", "(0.9, 0.999)", "how slowly the means of g and g² forget"),
        P("eps", "1e-08", "added to the root of the mean of g²"),
        P("weight_decay", "0", "share of the parameter added to its gradient"),
        P("amsgrad", "False", "divide by the largest mean of g² so far"),
        P("foreach", "None", "a choice of PyTorch's loops; same numbers", MORE, True),
        P("maximize", "False", "go uphill", MORE, True),
        P("capturable", "False", "for CUDA graphs; a step on the CPU raises", MORE, True),
        P("differentiable", "False", "record the step; not supported", MORE, True),
        P("fused", "None", "a choice of PyTorch's loops; same numbers", MORE, True),
        P("decoupled_weight_decay", "False", "shrink the parameter itself: AdamW", MORE, True),
    ), "torch.optim.Adam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False)",
        "torch.optim.Adam([nn.Parameter(torch.ones(1))])", {
            "defaults['lr']": "0.001", "defaults['betas']": "(0.9, 0.999)", "defaults['eps']": "1e-08",
            "defaults['weight_decay']": "0", "defaults['amsgrad']": "False",
            "defaults['foreach']": "None", "defaults['maximize']": "False",
            "defaults['capturable']": "False", "defaults['differentiable']": "False",
            "defaults['fused']": "None", "defaults['decoupled_weight_decay']": "False",
        }),
    Entry("torch.optim.Adam.step", "torch.optim.Adam", "changes every parameter that has a gradient", (
        P("closure", "None", "computes loss and gradients first; step returns the loss", MORE),
    ), part=True),
    Entry("nn.Module.parameters", "model.parameters", "all parameters, trainable or not, each once", (
        P("recurse", "True", "and those of the modules inside", MORE),
    )),
    Entry("transforms.Compose", "transforms.Compose", "applies transforms one after another", (
        P("transforms", REQUIRED, "a list of them"),
    ), "torchvision.transforms.Compose(transforms)", "transforms.Compose([])", {"transforms": "[]"}),
    Entry("transforms.ToPILImage", "transforms.Compose", "a tensor or array as a PIL image", (
        P("mode", "None", "of the image, as 'L' or 'RGB'; None: found from the dtype and channels", MORE),
    ), built="transforms.ToPILImage()", attributes={"mode": "None"}),
    Entry("transforms.RandomRotation", "transforms.Compose", "turns an image by a random angle", (
        P("degrees", REQUIRED, "the range: (least, largest), or x for (−x, x)", LIST),
        P("interpolation", "transforms.InterpolationMode.NEAREST", "how a pixel between pixels is found", MORE),
        P("expand", "False", "enlarge the result to hold the whole image", MORE),
        P("center", "None", "(x, y) to turn about; None: the centre", MORE),
        P("fill", "0", "value where the image is not", MORE),
    ), built="transforms.RandomRotation(15)", attributes={
        "degrees": "[-15.0, 15.0]", "interpolation.value": "'nearest'", "expand": "False",
        "center": "None", "fill": "0",
    }),
    Entry("transforms.ToTensor", "transforms.Compose", "a PIL image or array as a tensor, 0-255 → 0-1", ()),
    Entry("transforms.Normalize", "transforms.Compose", "(x − mean) / std in each channel", (
        P("mean", REQUIRED, "one number per channel", LIST),
        P("std", REQUIRED, "one number per channel, not 0", LIST),
        P("inplace", "False", "change the tensor itself", MORE),
    ), built="transforms.Normalize([0.5], [0.5])", attributes={
        "mean": "[0.5]", "std": "[0.5]", "inplace": "False",
    }),
    Entry("tqdm", "tqdm", "a loop that shows its progress", (
        P("iterable", "None", "what to loop over; None: count with update"),
        P("desc", "None", "text in front"),
        P("total", "None", "expected steps; None: len(iterable)"),
        P("leave", "True", "keep the bar when done; None: only the uppermost"),
        P("file", "None", "where to write; None: sys.stderr"),
        P("ncols", "None", "columns of the line; None: the terminal's, 0: no bar"),
        P("mininterval", "0.1", "least seconds between two drawings"),
        P("maxinterval", "10.0", "seconds after which miniters is learnt anew"),
        P("miniters", "None", "least steps between two drawings; None: learnt"),
        P("ascii", "None", "True, or the characters of the bar; None: by the file's encoding", notes_default="False"),
        P("disable", "False", "draw nothing; None: only on a terminal"),
        P("unit", "'it'", "name of a step"),
        P("unit_scale", "False", "True: k, M, G …; a number: multiply by it"),
        P("dynamic_ncols", "False", "ask for the terminal's width at each drawing"),
        P("smoothing", "0.3", "weight of the latest speed: 0 the mean of all, 1 only the latest"),
        P("bar_format", "None", "a template for the line"),
        P("initial", "0", "steps done before"),
        P("position", "None", "row of the screen; None: the first free one"),
        P("postfix", "None", "a dict or text at the end"),
        P("unit_divisor", "1000", "step between the prefixes of unit_scale=True"),
        P("write_bytes", "False", "write bytes instead of text"),
        P("lock_args", "None", "for the lock's acquire: (False,) draws only if it is free"),
        P("nrows", "None", "rows of the screen; bars below are hidden"),
        P("colour", "None", "of the bar: a name or '#rrggbb'"),
        P("delay", "0.0", "seconds before the first drawing"),
        P("gui", "False", "a window; the first drawing raises"),
        P("**kwargs", REQUIRED, "any other keyword raises", MORE),
    ), "tqdm(iterable=None, desc=None, total=None, leave=True, file=None, ncols=None, mininterval=0.1, maxinterval=10.0, miniters=None, ascii=False, disable=False, unit='it', unit_scale=False, dynamic_ncols=False, smoothing=0.3, bar_format=None, initial=0, position=None, postfix=None, unit_divisor=1000, write_bytes=False, lock_args=None, nrows=None, colour=None, delay=0, gui=False)",
        "tqdm([], file=screen)", {
            "desc": "''", "total": "0", "leave": "True", "ncols": "None", "mininterval": "0.1",
            "maxinterval": "10.0", "miniters": "0", "dynamic_miniters": "True", "ascii": "False",
            "disable": "False", "unit": "'it'", "unit_scale": "False", "dynamic_ncols": "False",
            "smoothing": "0.3", "bar_format": "None", "initial": "0", "pos": "0", "postfix": "None",
            "unit_divisor": "1000", "lock_args": "None", "nrows": "None", "colour": "None",
            "delay": "0.0", "gui": "False",
        }),
]  # fmt: skip
