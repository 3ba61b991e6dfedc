using System.Text;

namespace Smimectl;

/// <summary>Completion for zsh, over its own _arguments. Pure.</summary>
internal static class ZshCompletion
{
    public static string Write(CommandNode root, string program)
    {
        var text = new StringBuilder($"#compdef {program}\n# Completion of {program} for zsh: source <({program} completion zsh), or a file _{program} in a folder of $fpath\n");
        foreach (var command in root.All)
        {
            Function(text, command, program);
        }

        // Called while it is loaded from $fpath, and made known where it is sourced.
        return text.Append($"if [[ \"${{funcstack[1]}}\" = \"_{program}\" ]]; then {NameOf([], program)} \"$@\"; else compdef {NameOf([], program)} {program}; fi\n").ToString();
    }

    private static void Function(StringBuilder text, CommandNode command, string program)
    {
        text.Append($"\n{NameOf(command.Path, program)}() {{\n");
        if (command.Commands.Count == 0)
        {
            text.Append("    _arguments -s").Append(Specifications(command)).Append("\n}\n");
            return;
        }

        text.Append("    local context state state_descr line\n    typeset -A opt_args\n    local -a commands\n    commands=(");
        foreach (var inner in command.Commands)
        {
            text.Append($"\n        {Quote(inner.Name + ":" + Brief(inner.Description).Replace(":", "\\:", StringComparison.Ordinal))}");
        }

        text.Append("\n    )\n    _arguments -s -C").Append(Specifications(command)).Append(" \\\n        '1: :->command' '*:: :->rest'\n");
        text.Append("    case $state in\n        command) _describe command commands ;;\n        rest)\n            case $words[1] in\n");
        foreach (var inner in command.Commands)
        {
            text.Append($"                {inner.Name}) {NameOf(inner.Path, program)} ;;\n");
        }

        text.Append("            esac ;;\n    esac\n}\n");
    }

    private static string Specifications(CommandNode command)
    {
        var options = command.Options.SelectMany(o => o.Names.Select(n =>
            Quote($"{(o.Names.Count > 1 ? $"({string.Join(' ', o.Names)})" : "")}{n}[{Escape(Brief(o.Description))}]{(o.Value is { } value ? $":{Escape(value.Replace('|', ' '))}:{Action(o.Choices, o.Kind)}" : "")}")));
        var arguments = command.Arguments.Select(a => Quote($"{(a.IsOptional ? ":" : "")}:{a.Name}:{Action(a.Choices, a.Kind)}"));
        return string.Concat(options.Concat(arguments).Select(s => " \\\n        " + s));
    }

    private static string Action(IReadOnlyList<string> choices, ValueKind kind) => (choices.Count, kind) switch
    {
        ( > 0, _) => $"({string.Join(' ', choices)})",
        (_, ValueKind.File) => "_files",
        (_, ValueKind.Folder) => "_files -/",
        _ => "",
    };

    private static string NameOf(IEnumerable<string> path, string program) => $"__{string.Join('_', path.Prepend(program)).Replace('-', '_')}";

    /// <summary>The first sentence.</summary>
    internal static string Brief(string description)
    {
        var end = description.IndexOfAny(['.', ';', ':']);
        return end < 0 ? description : description[..end];
    }

    private static string Escape(string text) => text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
