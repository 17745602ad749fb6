"""A language model of random weights, written as a GGUF file, and llama.cpp's own server for it until stdin ends.

It runs in an environment of its own (`make test-models`). A token is a byte, so every text can be read and none means
anything: what is real is the server, its protocol, and how it holds answers to a schema.
"""

import sys
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

N_EMBED, N_FEED, N_CONTEXT, N_SPECIAL = 32, 64, 65_536, 3


def write_model(path: Path) -> None:
    """Write a model of one layer with seeded random weights."""
    draw = np.random.default_rng(7)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(N_CONTEXT)
    writer.add_embedding_length(N_EMBED)
    writer.add_block_count(1)
    writer.add_feed_forward_length(N_FEED)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(N_EMBED // 2)
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL, *[gguf.TokenType.BYTE] * 256]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_vocab_size(len(tokens))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant: "
    )
    shapes = {
        "token_embd": (len(tokens), N_EMBED),
        "output": (len(tokens), N_EMBED),
        **{f"blk.0.attn_{name}": (N_EMBED, N_EMBED) for name in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (N_FEED, N_EMBED),
        "blk.0.ffn_up": (N_FEED, N_EMBED),
        "blk.0.ffn_down": (N_EMBED, N_FEED),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", draw.normal(0, 0.2, shape).astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(N_EMBED, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def serve(path: Path) -> None:
    """Serve the model on this machine; say the address, and go on until stdin ends."""
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {"tiny"}
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel, params.n_gpu_layers, params.verbosity = N_CONTEXT, 2, 0, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    write_model(place)
    serve(place)
