#!/bin/sh
# Train the English model: training/run.sh [DATA_DIR]
# DATA_DIR holds syntax/ and text/, and names/ and time/, whose texts are read without their labels.
# Makes training/.venv, trains into training/.venv/out and puts the weights and the fixture of the
# parity test in their places. Every stage is skipped if its file is there. OUT names another folder.
set -eu
data=$(realpath "${1:-data}")
syntax=$data/syntax
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv
    # requirements.txt names everything needed, so nothing else is fetched.
    .venv/bin/pip install --quiet --no-deps -r requirements.txt
fi
out=${OUT:-.venv/out}
mkdir -p "$out"
stage() { # FILE SCRIPT OPTIONS...: FILE is what the script writes
    file=$1 script=$2
    shift 2
    [ -e "$file" ] && return
    echo "$(date +%T) $file"
    .venv/bin/python -u "$script" "$syntax" --text "$data/text/un-general-debate-1992-2023.jsonl.gz" --news "$data" --work "$out" "$@"
}
teacher="--arc 192 --label 128"
a="--dim 192 --layers cssss $teacher"
b="--dim 256 --layers csss $teacher"
student="--dim 160 --layers csss --arc 128 --label 64 --drop 0.15"

# Two large models; one of them has read open text before.
stage $out/b.pre pretrain.py --out $out/b.pre $b --read 900000 --seed 12
stage $out/a.pt train.py --out $out/a $a --epochs 13 --seed 11
stage $out/b.pt train.py --out $out/b $b --epochs 10 --seed 12 --init $out/b.pre
# What they hold of the treebanks, of speeches and of news teaches the small one.
stage $out/two.silver teach.py --out $out/two --teachers $out/a.pt $out/b.pt
stage $out/s.pre pretrain.py --out $out/s.pre $student --read 900000 --seed 3
stage $out/s1.pt train.py --out $out/s1 $student --epochs 10 --seed 3 --init $out/s.pre --soft $out/two
# The large ones learn from their own mean, too; the three together teach the small one once more.
mean="--lr 1e-3 --soft $out/two --per-epoch 6000 --every 2 --epochs 4"
stage $out/a2.pt train.py --out $out/a2 $a --seed 21 --init $out/a.pt $mean
stage $out/b2.pt train.py --out $out/b2 $b --seed 22 --init $out/b.pt $mean
stage $out/three.silver teach.py --out $out/three --teachers $out/a2.pt $out/b2.pt $out/s1.pt --read 300000 --seed 5
stage $out/s2.pt train.py --out $out/s2 $student --epochs 9 --seed 5 --lr 1.2e-3 --init $out/s1.pt --soft $out/three --per-epoch 11000
stage $out/en.pt train.py --out $out/en $student --epochs 4 --every 2 --seed 8 --lr 8e-4 \
    --init $out/s2.pt --soft $out/three --per-epoch 6000

cp $out/en ../models/en.safetensors
.venv/bin/python check.py ../models/en.safetensors --fixture ../crates/core/src/text/model/fixture.tsv
.venv/bin/python check.py ../models/en.safetensors --genres "$syntax/ewt-dev.conllu" "$syntax/gum-open-dev.conllu"
