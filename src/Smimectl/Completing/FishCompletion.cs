using System.Text;

namespace Smimectl;

/// <summary>Completion for fish. Pure.</summary>
internal static class FishCompletion
{
    public static string Write(CommandNode root, string program)
    {
        var test = $"__{program.Replace('-', '_')}_at";
        var text = new StringBuilder($"""
            # Completion of {program} for fish: {program} completion fish | source
            function {test}
                set -l path
                set -l words (commandline -opc)
                for word in $words[2..-1]
                    switch "$path $word"

            """.ReplaceLineEndings("\n"));
        text.Append("            case ").AppendJoin(' ', root.All.Where(c => c.Path.Count > 0).Select(c => $"'{string.Join(' ', c.Path.SkipLast(1))} {c.Name}'")).Append('\n');
        text.Append("                set -a path $word\n        end\n    end\n    test \"$path\" = \"$argv\"\nend\n");
        text.Append($"complete -c {program} -f\n");
        foreach (var command in root.All)
        {
            var here = $"complete -c {program} -n {Quote($"{test} {string.Join(' ', command.Path)}")}";
            foreach (var inner in command.Commands)
            {
                text.Append($"{here} -a {inner.Name} -d {Quote(ZshCompletion.Brief(inner.Description))}\n");
            }

            foreach (var option in command.Options)
            {
                text.Append(here).Append(string.Concat(option.Names.Select(Name))).Append(Value(option)).Append($" -d {Quote(ZshCompletion.Brief(option.Description))}\n");
            }

            if (command.Arguments.FirstOrDefault(a => a.Choices.Count > 0) is { } choice)
            {
                text.Append($"{here} -a '{string.Join(' ', choice.Choices)}'\n");
            }

            if (command.Arguments.FirstOrDefault(a => a.Kind != ValueKind.Text) is { } argument)
            {
                text.Append($"{here} -a '{Generator(argument.Kind)}'\n");
            }
        }

        return text.ToString();
    }

    private static string Name(string name) => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}";

    private static string Value(OptionNode option) => option switch
    {
        { Value: null } => "",
        { Choices.Count: > 0 } => $" -x -a '{string.Join(' ', option.Choices)}'",
        { Kind: ValueKind.Text } => " -x",
        _ => $" -x -a '{Generator(option.Kind)}'",
    };

    private static string Generator(ValueKind kind) => kind == ValueKind.Folder ? "(__fish_complete_directories)" : "(__fish_complete_path)";

    private static string Quote(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
