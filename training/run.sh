#!/bin/sh
# Train the English model: training/run.sh [SYNTAX_DIR] [SPEECHES.jsonl.gz]
# Makes training/.venv, trains into training/.venv/out and puts the weights and the fixture of the
# parity test in their places. Every stage is skipped if its file is there.
set -eu
syntax=$(realpath "${1:-syntax}")
speeches=$(realpath "${2:-$syntax/../text/un-general-debate-1992-2023.jsonl.gz}")
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv
    # requirements.txt names everything needed, so nothing else is fetched.
    .venv/bin/pip install --quiet --no-deps -r requirements.txt
fi
out=.venv/out
mkdir -p $out
stage() { # FILE SCRIPT OPTIONS...: FILE is what the script writes
    file=$1 script=$2
    shift 2
    [ -e "$file" ] || .venv/bin/python -u "$script" "$syntax" --text "$speeches" --work $out "$@"
}
teacher="--arc 192 --label 128"
student="--dim 128 --layers csss --arc 128 --label 64"

# Two large models of different shape; the second has read open text before.
stage $out/a.pt train.py --out $out/a --dim 192 --layers cssss $teacher --epochs 13 --seed 11
stage $out/b.pre pretrain.py --out $out/b.pre --dim 256 --layers csss $teacher --read 1200000 --seed 12
stage $out/b.pt train.py --out $out/b --dim 256 --layers csss $teacher --epochs 10 --seed 12 --init $out/b.pre
# What both hold of the treebanks and of speeches teaches the small one.
stage $out/soft.silver teach.py --out $out/soft --teachers $out/a.pt $out/b.pt
stage $out/en.pre pretrain.py --out $out/en.pre $student --read 1200000 --seed 3
stage $out/en.pt train.py --out $out/en $student --epochs 16 --seed 3 --drop 0.15 --init $out/en.pre --soft $out/soft

cp $out/en ../models/en.safetensors
.venv/bin/python check.py ../models/en.safetensors --fixture ../crates/core/src/text/model/fixture.tsv
.venv/bin/python check.py ../models/en.safetensors --genres "$syntax/ewt-dev.conllu" "$syntax/gum-open-dev.conllu"
