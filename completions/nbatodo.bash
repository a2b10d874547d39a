# What bash asks nbatodo at each Tab. Printed by: nbatodo completions bash

# Leaves in REPLY what bash would make of the word $1: without the quotes that are bash's own.
_nbatodo_unquoted() {
    local text=$1 quote='' char i
    REPLY=
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        if [[ $char == \\ ]] &&
            [[ ! $quote || ($quote == \" && ${text:i+1:1} == [\"\\\$\`]) ]]; then
            i=$((i + 1))
            REPLY+=${text:i:1}
        elif [[ $quote && $char == "$quote" ]]; then
            quote=
        elif [[ ! $quote && $char == [\"\'] ]]; then
            quote=$char
        else
            REPLY+=$char
        fi
    done
}

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

    # The quote that is open where the cursor is; bash then replaces only what is behind it.
    local current=${words[at]} quote='' kept='' char
    for ((i = 0; i < ${#current}; i++)); do
        char=${current:i:1}
        if [[ $quote ]]; then
            if [[ $char == \\ && $quote == \" ]]; then
                i=$((i + 1))
            elif [[ $char == "$quote" ]]; then
                quote=
            fi
        elif [[ $char == \\ ]]; then
            i=$((i + 1))
        elif [[ $char == [\"\'] ]]; then
            quote=$char
            kept=${current:0:i}
        fi
    done
    if [[ ! $quote ]]; then
        # Of a word that bash takes apart, only what is behind the last ":" or "=" is its to
        # replace.
        local breaks=${COMP_WORDBREAKS//[^:=]/}
        kept=
        [[ $breaks ]] && kept=${current%"${current##*["$breaks"]}"}
    fi
    # In $'…' and $"…" a backslash and a dollar mean something else.
    [[ $quote && $kept == *\$ ]] && return 0

    # What nbatodo gets is what it would get if the line were run: without quotes.
    local REPLY
    _nbatodo_unquoted "$kept"
    kept=$REPLY
    for ((i = 0; i <= at; i++)); do
        _nbatodo_unquoted "${words[i]}"
        words[i]=$REPLY
    done

    local found
    found=$(
        NBATODO_COMPLETE=bash _CLAP_COMPLETE_INDEX=$at _CLAP_IFS=$'\n' \
            command nbatodo -- "${words[@]}" 2> /dev/null
    ) || return 0
    COMPREPLY=()
    local candidate
    while IFS= read -r candidate; do
        candidate=${candidate#"$kept"}
        [[ $candidate ]] || continue
        # A name can be anybody's text, and the next Return runs the line: nothing in it may mean
        # anything to bash. What an open quote does not keep apart is not proposed there.
        case $quote in
            \") [[ $candidate == *[\"\\\$\`!]* ]] && continue ;;
            \') [[ $candidate == *[\'!]* ]] && continue ;;
            *) [[ $candidate == *[^[:alnum:]_./:=@%+,-]* ]] && printf -v candidate %q "$candidate" ;;
        esac
        COMPREPLY+=("$candidate")
    done <<< "$found"
    # Behind "--team=", "project:" and a folder, the word goes on.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:/] ]]; then
        compopt -o nospace 2> /dev/null
    fi
    return 0
}

complete -o bashdefault -o nosort -F _nbatodo nbatodo 2> /dev/null ||
    complete -o bashdefault -F _nbatodo nbatodo
