# What bash asks nbatodo at each Tab. Printed by: nbatodo completions bash

_nbatodo() {
    local rest=${COMP_LINE:0:COMP_POINT} words=() at=-1 i
    # bash takes "project:NAME" and "--team=BOS" apart; a word ends only at a space here.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((at < 0)) || [[ $rest == [[:space:]]* ]]; then
            at=$((at + 1))
            words[at]=
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        if ((i < COMP_CWORD)); then
            words[at]+=${COMP_WORDS[i]}
            rest=${rest:${#COMP_WORDS[i]}}
        fi
    done
    words[at]+=$rest

    # What nbatodo gets is what it would get if the line were run: without quotes.
    local current=${words[at]} quote= kept=
    case $current in
        \"* | \'*) quote=${current:0:1} ;;
        *)
            # Of a word that bash takes apart, only what is behind the last ":" or "=" is its to
            # replace.
            local breaks=${COMP_WORDBREAKS//[^:=]/}
            [[ $breaks ]] && kept=${current%"${current##*[$breaks]}"}
            ;;
    esac
    for ((i = 0; i <= at; i++)); do
        words[i]=${words[i]//[\"\'\\]/}
    done

    local found
    found=$(
        NBATODO_COMPLETE=bash _CLAP_COMPLETE_INDEX=$at _CLAP_IFS=$'\n' \
            command nbatodo -- "${words[@]}" 2> /dev/null
    ) || return 0
    COMPREPLY=()
    local candidate
    while IFS= read -r candidate; do
        [[ $candidate ]] || continue
        # A space within a word needs its backslash, or else bash makes two words of it.
        [[ -z $quote && $candidate == *[[:space:]]* ]] && printf -v candidate %q "$candidate"
        COMPREPLY+=("${candidate#"$kept"}")
    done <<< "$found"
    # Behind "--team=", "project:" and a folder, the word goes on.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:/] ]]; then
        compopt -o nospace 2> /dev/null
    fi
    return 0
}

complete -o bashdefault -o nosort -F _nbatodo nbatodo 2> /dev/null ||
    complete -o bashdefault -F _nbatodo nbatodo
