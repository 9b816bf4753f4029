#!/bin/sh
# Train the English model: training/run.sh [SYNTAX_DIR] [SPEECHES.jsonl.gz]
# Makes training/.venv, trains into training/.venv/out and puts the weights and the fixture of the
# parity test in their places. About 50 minutes on one core; a GPU is used when there is one.
set -eu
syntax=$(realpath "${1:-syntax}")
speeches=$(realpath "${2:-$syntax/../text/un-general-debate-1992-2023.jsonl.gz}")
[ -f "$speeches" ] || speeches=
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv
    # requirements.txt names everything needed, so nothing else is fetched.
    .venv/bin/pip install --quiet --no-deps -r requirements.txt
fi
.venv/bin/python -u train.py "$syntax" --text "$speeches" --out .venv/out --minutes "${MINUTES:-44}"
cp .venv/out/en.safetensors ../models/en.safetensors
.venv/bin/python check.py ../models/en.safetensors --fixture ../crates/core/src/text/model/fixture.tsv
.venv/bin/python check.py ../models/en.safetensors "$syntax/ewt-dev.conllu" "$syntax/gum-open-dev.conllu"
