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
student="--dim 128 --layers csss --arc 128 --label 64 --drop 0.15"

# Three large models; two of them have read open text before.
stage $out/a.pt train.py --out $out/a --dim 192 --layers cssss $teacher --epochs 13 --seed 11
stage $out/b.pre pretrain.py --out $out/b.pre --dim 256 --layers csss $teacher --read 1200000 --seed 12
stage $out/b.pt train.py --out $out/b --dim 256 --layers csss $teacher --epochs 10 --seed 12 --init $out/b.pre
stage $out/c.pt train.py --out $out/c --dim 256 --layers csss $teacher --epochs 10 --seed 13 --drop 0.3 --every 5 --init $out/b.pre
# What they hold of the treebanks and of speeches teaches the small one: the first two in its first
# round, all three in the second, which is gone through twice, and in a short one from the mean of both.
stage $out/two.silver teach.py --out $out/two --teachers $out/a.pt $out/b.pt
stage $out/three.silver teach.py --out $out/three --teachers $out/a.pt $out/b.pt $out/c.pt --read 400000 --seed 5
stage $out/s.pre pretrain.py --out $out/s.pre $student --read 1200000 --seed 3
stage $out/s1.pt train.py --out $out/s1 $student --epochs 12 --seed 3 --init $out/s.pre --soft $out/two
again="--lr 1.2e-3 --init $out/s1.pt --soft $out/three --per-epoch 12000"
stage $out/s2.pt train.py --out $out/s2 $student --epochs 8 --seed 5 $again
stage $out/s3.pt train.py --out $out/s3 $student --epochs 6 --seed 6 $again
stage $out/s23.pt average.py --out $out/s23 --models $out/s2.pt $out/s3.pt
stage $out/en.pt train.py --out $out/en $student --epochs 4 --every 2 --seed 8 --lr 8e-4 \
    --init $out/s23.pt --soft $out/three --per-epoch 6000

cp $out/en ../models/en.safetensors
.venv/bin/python check.py ../models/en.safetensors --fixture ../crates/core/src/text/model/fixture.tsv
.venv/bin/python check.py ../models/en.safetensors --genres "$syntax/ewt-dev.conllu" "$syntax/gum-open-dev.conllu"
