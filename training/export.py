"""Write the weights: int8 rows with a scale for the three tables, f16 for the rest."""
import json

import torch
from safetensors.torch import save_file

from data import UPOS


def rows8(w):
    scale = w.abs().amax(1).clamp(min=1e-8) / 127
    return (w / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale.to(torch.float32)


def export(net, vocab, path, scores):
    sd = {k: v.detach().float().cpu() for k, v in net.state_dict().items()}
    tables = dict(word=sd.pop("pre") + sd.pop("word.weight") * sd.pop("trained"),
                  affix=sd.pop("affix.weight"), gram=sd.pop("gram.weight"))
    out = {}
    for k, v in tables.items():
        out[k + ".q"], out[k + ".s"] = rows8(v)
    for k, v in sd.items():
        out[k] = v.to(torch.float16).contiguous()
    meta = dict(format=1, config=json.dumps(net.cfg), upos=json.dumps(UPOS), xpos=json.dumps(vocab.xpos),
                rels=json.dumps(vocab.rels), scripts=json.dumps(vocab.scripts, ensure_ascii=False),
                words="\n".join(vocab.words),
                lexicon="\n".join(f"{u}\t{f}\t{l}" for u, d in vocab.lexicon.items() for f, l in d.items()),
                dev=json.dumps(scores))
    save_file(out, path, {k: str(v) for k, v in meta.items()})
