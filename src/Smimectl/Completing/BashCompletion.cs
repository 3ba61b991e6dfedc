using System.Text;

namespace Smimectl;

/// <summary>Completion for bash, needing nothing but bash. Pure.</summary>
internal static class BashCompletion
{
    public static string Write(CommandNode root, string program)
    {
        var function = "_" + program.Replace('-', '_');
        var text = new StringBuilder($$"""
            # Completion of {{program}} for bash: source <({{program}} completion bash)
            {{function}}() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="" path="" word index choices=""
                COMPREPLY=()
                [ "$COMP_CWORD" -gt 0 ] && previous="${COMP_WORDS[COMP_CWORD-1]}"
                # bash splits --name=value in three.
                if [ "$current" = "=" ]; then current=""
                elif [ "$previous" = "=" ]; then previous="${COMP_WORDS[COMP_CWORD-2]}"
                fi
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word="${COMP_WORDS[index]}"
                    case "$path $word" in

            """.ReplaceLineEndings("\n"));
        foreach (var command in root.All.Where(c => c.Path.Count > 0))
        {
            text.Append($"            '{Place(command.Path.SkipLast(1))} {command.Name}') path=\"$path $word\" ;;\n");
        }

        text.Append("        esac\n    done\n    case \"$path $previous\" in\n");
        foreach (var command in root.All)
        {
            foreach (var option in command.Options.Where(o => o.Value is not null))
            {
                text.Append("        ").AppendJoin('|', option.Names.Select(n => $"'{Place(command.Path)} {n}'")).Append(") ").Append(Value(option)).Append(" ;;\n");
            }
        }

        text.Append("    esac\n    case \"$path\" in\n");
        foreach (var command in root.All)
        {
            var words = command.Commands.Select(c => c.Name).Concat(command.Arguments.SelectMany(a => a.Choices)).Concat(command.Options.SelectMany(o => o.Names));
            text.Append($"        '{Place(command.Path)}')\n            choices='{string.Join(' ', words)}'\n");
            if (command.Arguments.FirstOrDefault(a => a.Kind != ValueKind.Text) is { } argument)
            {
                text.Append($"            case \"$current\" in -*) ;; *) COMPREPLY=($(compgen {Generator(argument.Kind)} -- \"$current\")); compopt -o filenames 2>/dev/null; return ;; esac\n");
            }

            text.Append("            ;;\n");
        }

        return text.Append("    esac\n    COMPREPLY=($(compgen -W \"$choices\" -- \"$current\"))\n}\n").Append($"complete -F {function} {program}\n").ToString();
    }

    // The path begins with a blank in front of each word.
    private static string Place(IEnumerable<string> path) => string.Concat(path.Select(p => " " + p));

    private static string Value(OptionNode option) => option switch
    {
        { Choices.Count: > 0 } => $"COMPREPLY=($(compgen -W '{string.Join(' ', option.Choices)}' -- \"$current\")); return",
        { Kind: ValueKind.Text } => "return",
        _ => $"COMPREPLY=($(compgen {Generator(option.Kind)} -- \"$current\")); compopt -o filenames 2>/dev/null; return",
    };

    private static string Generator(ValueKind kind) => kind == ValueKind.Folder ? "-d" : "-f";
}
