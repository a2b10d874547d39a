# What elvish asks nbatodo at each Tab. Printed by: nbatodo completions elvish

set edit:completion:arg-completer[nbatodo] = {|@words|
    var last = (to-string (- (count $words) 1))
    try {
        env NBATODO_COMPLETE=elvish _CLAP_COMPLETE_INDEX=$last _CLAP_IFS="\n" nbatodo -- $@words 2>/dev/null
    } catch missing {
        nop
    }
}
