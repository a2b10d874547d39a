# What PowerShell asks nbatodo at each Tab. Printed by: nbatodo completions powershell

Register-ArgumentCompleter -Native -CommandName nbatodo -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    if (-not (Get-Command nbatodo -CommandType Application -ErrorAction SilentlyContinue)) { return }

    $words = $commandAst.Extent.Text
    $words = $words.Substring(0, [math]::Min($cursorPosition, $words.Length))
    if ($wordToComplete -eq "") {
        $words += " ''"
    }

    $before = $env:NBATODO_COMPLETE
    $env:NBATODO_COMPLETE = "powershell"
    $found = Invoke-Expression @"
& nbatodo -- $words 2>`$null
"@
    if ($null -eq $before) {
        Remove-Item Env:\NBATODO_COMPLETE
    } else {
        $env:NBATODO_COMPLETE = $before
    }

    $found | ForEach-Object {
        $parts = $_.Split("`t")
        $value = $parts[0]
        $help = if ($parts.Length -eq 2) { $parts[1] } else { $value }
        if ($value) {
            # A name can be anybody's text: nothing in it may mean anything to PowerShell.
            $word = $value
            if ($word -notmatch '^[A-Za-z0-9_./:=%+,-]+$') {
                $word = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
            }
            [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $help)
        }
    }
}
