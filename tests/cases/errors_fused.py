"""Bad input to activations, softmax, norms, dropout and attention: PyTorch's exception types."""

from __future__ import annotations

x = lambda torch: torch.ones(2, 3, 4)
F = lambda torch: torch.nn.functional


def attention(torch, q=(2, 3, 5, 4), k=(2, 3, 7, 4), v=(2, 3, 7, 4), **kw):
    return F(torch).scaled_dot_product_attention(
        torch.ones(*q), torch.ones(*k), torch.ones(*v), **kw
    )


ERRORS = [
    ("gelu of integers", lambda t: F(t).gelu(t.arange(3)), NotImplementedError),
    ("gelu approximate", lambda t: F(t).gelu(x(t), approximate="erf"), RuntimeError),
    ("gelu positional", lambda t: F(t).gelu("a"), TypeError),
    ("relu of bools", lambda t: t.relu(t.ones(2, dtype=t.bool)), RuntimeError),
    ("relu of a string", lambda t: t.relu("a"), TypeError),
    ("leaky_relu slope", lambda t: F(t).leaky_relu(x(t), "a"), TypeError),
    ("leaky_relu of integers", lambda t: F(t).leaky_relu(t.arange(3)), NotImplementedError),
    ("elu of integers", lambda t: F(t).elu(t.arange(3)), NotImplementedError),
    ("celu alpha 0", lambda t: F(t).celu(x(t), 0), RuntimeError),
    ("hardtanh bounds", lambda t: F(t).hardtanh(x(t), 1.0, -1.0), ValueError),
    ("softshrink lambd", lambda t: F(t).softshrink(x(t), -1.0), RuntimeError),
    ("glu odd", lambda t: F(t).glu(x(t), 1), RuntimeError),
    ("glu dim", lambda t: F(t).glu(x(t), 5), IndexError),
    ("glu 0-d", lambda t: F(t).glu(t.tensor(1.0)), RuntimeError),
    ("prelu channels", lambda t: F(t).prelu(x(t), t.ones(2)), RuntimeError),
    ("prelu weight 2-d", lambda t: F(t).prelu(x(t), t.ones(3, 1)), RuntimeError),
    ("prelu dtypes", lambda t: F(t).prelu(t.arange(3), t.ones(1)), RuntimeError),
    ("threshold of a string", lambda t: F(t).threshold(x(t), "a", 0), TypeError),
    ("softmax dim", lambda t: t.softmax(x(t), 3), IndexError),
    ("softmax dim type", lambda t: t.softmax(x(t), 1.5), TypeError),
    ("softmax without dim", lambda t: t.softmax(x(t)), TypeError),
    ("softmax of integers", lambda t: t.softmax(t.arange(3), 0), NotImplementedError),
    ("softmax to integers", lambda t: t.softmax(x(t), 0, dtype=t.int64), NotImplementedError),
    ("log_softmax dim", lambda t: t.log_softmax(x(t), -4), IndexError),
    ("layer_norm shape", lambda t: F(t).layer_norm(x(t), (3,)), RuntimeError),
    ("layer_norm int", lambda t: F(t).layer_norm(x(t), 4), TypeError),
    ("layer_norm ()", lambda t: F(t).layer_norm(x(t), ()), RuntimeError),
    ("layer_norm weight", lambda t: F(t).layer_norm(x(t), (4,), t.ones(3), None), RuntimeError),
    ("layer_norm bias", lambda t: F(t).layer_norm(x(t), (4,), t.ones(4), t.ones(5)), RuntimeError),
    ("layer_norm dtypes", lambda t: F(t).layer_norm(x(t), (4,), t.ones(4).double(), None), RuntimeError),
    ("layer_norm integers", lambda t: F(t).layer_norm(t.arange(4), (4,)), NotImplementedError),
    ("rms_norm shape", lambda t: F(t).rms_norm(x(t), (3,)), RuntimeError),
    ("batch_norm eval", lambda t: F(t).batch_norm(x(t), None, None), RuntimeError),
    ("batch_norm one value", lambda t: F(t).batch_norm(t.ones(1, 3), None, None, training=True), ValueError),
    ("batch_norm mean", lambda t: F(t).batch_norm(x(t), t.ones(2), t.ones(3)), RuntimeError),
    ("batch_norm weight", lambda t: F(t).batch_norm(x(t), t.ones(3), t.ones(3), t.ones(2)), RuntimeError),
    ("batch_norm var", lambda t: F(t).batch_norm(x(t), t.ones(3), None, training=True), ValueError),
    ("group_norm groups", lambda t: F(t).group_norm(x(t), 2), RuntimeError),
    ("group_norm 0", lambda t: F(t).group_norm(x(t), 0), ZeroDivisionError),
    ("group_norm 1-d", lambda t: F(t).group_norm(t.ones(3), 3), RuntimeError),
    ("group_norm one value", lambda t: F(t).group_norm(t.ones(1, 3), 3), ValueError),
    ("instance_norm one value", lambda t: F(t).instance_norm(t.ones(2, 3, 1)), ValueError),
    ("instance_norm eval", lambda t: F(t).instance_norm(x(t), use_input_stats=False), RuntimeError),
    ("local_response_norm 2-d", lambda t: F(t).local_response_norm(t.ones(2, 3), 2), ValueError),
    ("dropout p 1.5", lambda t: F(t).dropout(x(t), 1.5), ValueError),
    ("dropout p < 0", lambda t: F(t).dropout(x(t), -0.1), ValueError),
    ("dropout p nan", lambda t: F(t).dropout(x(t), float("nan")), RuntimeError),
    ("dropout p string", lambda t: F(t).dropout(x(t), "a"), TypeError),
    ("dropout of integers", lambda t: F(t).dropout(t.arange(3)), RuntimeError),
    ("dropout1d 4-d", lambda t: F(t).dropout1d(t.ones(1, 2, 3, 4)), RuntimeError),
    ("dropout2d 1-d", lambda t: F(t).dropout2d(t.ones(3)), RuntimeError),
    ("alpha_dropout p", lambda t: F(t).alpha_dropout(x(t), 2.0, True), ValueError),
    ("attention 1-d", lambda t: attention(t, (4,), (4,), (4,)), RuntimeError),
    ("attention E", lambda t: attention(t, k=(2, 3, 7, 5)), RuntimeError),
    ("attention S", lambda t: attention(t, v=(2, 3, 6, 5)), RuntimeError),
    ("attention heads", lambda t: attention(t, k=(2, 2, 7, 4), v=(2, 2, 7, 4)), RuntimeError),
    ("attention gqa", lambda t: attention(t, k=(2, 2, 7, 4), v=(2, 2, 7, 4), enable_gqa=True), RuntimeError),
    ("attention p", lambda t: attention(t, dropout_p=2.0), RuntimeError),
    ("attention mask and causal", lambda t: attention(t, v=(2, 3, 7, 5), attn_mask=t.ones(5, 7), is_causal=True), RuntimeError),
    ("attention mask dtype", lambda t: attention(t, attn_mask=t.ones(5, 7, dtype=t.int64)), RuntimeError),
    ("attention mask shape", lambda t: attention(t, attn_mask=t.ones(4, 7)), RuntimeError),
    ("attention None", lambda t: F(t).scaled_dot_product_attention(None, x(t), x(t)), TypeError),
    ("attention scale positional", lambda t: F(t).scaled_dot_product_attention(
        x(t), x(t), x(t), None, 0.0, False, 1.0), TypeError),
    ("set_num_threads 0", lambda t: t.set_num_threads(0), RuntimeError),
    ("set_num_threads float", lambda t: t.set_num_threads(1.5), RuntimeError),
]  # fmt: skip
