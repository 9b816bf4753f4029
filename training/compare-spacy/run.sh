#!/bin/sh
# Train a spaCy pipeline on the data of the English model and time both, one thread each, in turns:
# training/compare-spacy/run.sh [SYNTAX_DIR] [ARTICLE.txt…]
# Everything lies in training/.venv-spacy. MINUTES (20) bounds the training, which is done once; PROFILE (release) is how
# our side is built.
set -eu
syntax=$(realpath "${1:-syntax}")
[ $# -gt 0 ] && shift
here=$(realpath "$(dirname "$0")")
root=$here/../..
[ $# -gt 0 ] || set -- "$root"/corpus/*.txt
work=$here/../.venv-spacy
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 BLIS_NUM_THREADS=1 MKL_NUM_THREADS=1
python=$work/bin/python
if [ ! -x "$python" ]; then
    python3 -m venv "$work"
    "$work/bin/pip" install --quiet -r "$here/requirements.txt"
fi
for part in train dev; do
    [ -e "$work/$part.spacy" ] && continue
    mkdir -p "$work/$part"
    for set in ewt gum-open; do
        "$python" -m spacy convert "$syntax/$set-$part.conllu" "$work/$part" --converter conllu --n-sents 10
    done
    mv "$work/$part" "$work/$part.spacy"
done
if [ ! -d "$work/model/model-best" ]; then
    "$python" -m spacy init fill-config "$here/config.cfg" "$work/config.cfg"
    # The best so far is kept on disk, so stopping by the clock loses nothing.
    nice -n 10 timeout "${MINUTES:-20}m" "$python" -m spacy train "$work/config.cfg" --output "$work/model" \
        --paths.train "$work/train.spacy" --paths.dev "$work/dev.spacy" || [ $? = 124 ]
fi
export PROFILE="${PROFILE:-release}"
(cd "$root" && cargo build --profile "$PROFILE" --quiet && cargo bench --profile "$PROFILE" --quiet -p detente-core --bench model --no-run)
exec "$python" "$here/compare.py" "$work/model/model-best" "$root" "$syntax" "$@"
