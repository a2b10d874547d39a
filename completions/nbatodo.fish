# What fish asks nbatodo at each Tab. Printed by: nbatodo completions fish

function __nbatodo_complete
    command --query nbatodo; or return
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    NBATODO_COMPLETE=fish command nbatodo -- $words (commandline --current-token) 2>/dev/null
end

complete --command nbatodo --keep-order --no-files --arguments '(__nbatodo_complete)'
