namespace LLMOS.Shell.Completion;

/// <summary>The scripts that make shells ask <c>llmos complete</c>.</summary>
internal static class CompletionScripts
{
    private const string Bash =
        """
        # Completion of llmos for bash: source <(llmos completion bash)
        _llmos() {
          local IFS=$'\n' current="${COMP_WORDS[COMP_CWORD]}"
          COMPREPLY=($(llmos complete --prefix="$current" -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null))
          if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=] ]]; then
            compopt -o nospace 2>/dev/null
          fi
          return 0
        }
        complete -o bashdefault -F _llmos llmos
        """;

    private const string Zsh =
        """
        #compdef llmos
        # Completion of llmos for zsh: source <(llmos completion zsh), or this as _llmos in a folder of $fpath
        _llmos() {
          local -a found open
          local word
          for word in "${(@f)$(llmos complete --prefix="${words[CURRENT]}" -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)}"; do
            [[ -z $word ]] && continue
            if [[ $word == *[/=] ]]; then open+=("$word"); else found+=("$word"); fi
          done
          (( ${#open} )) && compadd -S '' -a open
          (( ${#found} )) && compadd -a found
          (( ${#open} + ${#found} ))
        }
        if [[ $funcstack[1] == _llmos ]]; then
          _llmos "$@"
        else
          compdef _llmos llmos
        fi
        """;

    private const string Fish =
        """
        # Completion of llmos for fish: llmos completion fish | source
        function __llmos_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            llmos complete --prefix="$current" -- $words[2..-1] 2>/dev/null
        end
        complete -c llmos -f -a '(__llmos_complete)'
        """;

    private const string PowerShell =
        """
        # Completion of llmos for PowerShell: llmos completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName llmos -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
            llmos complete "--prefix=$wordToComplete" -- @words 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script of a shell; null for one that there is none for.</summary>
    public static string? Of(string shell) => shell.ToUpperInvariant() switch
    {
        "BASH" => Bash,
        "ZSH" => Zsh,
        "FISH" => Fish,
        "PWSH" or "POWERSHELL" => PowerShell,
        _ => null,
    };
}
