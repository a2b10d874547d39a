# What PowerShell asks nbatodo at each Tab. Printed by: nbatodo completions powershell

Register-ArgumentCompleter -Native -CommandName nbatodo -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $program = Get-Command nbatodo -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $program) { return }

    # The words before the one that is being typed, as text: nothing of the line is evaluated.
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
        })
    $word = $wordToComplete -replace '^["'']', ''
    # Where programs get their arguments in the old way, an empty one gets lost without quotes.
    if ($word -eq "" -and $PSNativeCommandArgumentPassing -notin @("Standard", "Windows")) {
        $word = '""'
    }
    $words += $word

    $before = $env:NBATODO_COMPLETE
    $env:NBATODO_COMPLETE = "powershell"
    $found = & $program -- @words 2>$null
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
