using System.CommandLine;

namespace Smimectl;

/// <summary>A command as documentation and shells see it: one description of the command line for completion, the man page and the reference.</summary>
/// <param name="Path">The words that lead to it, without the program's name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Commands">The commands under it.</param>
/// <param name="Options">Its options, those of the program too.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record CommandNode(
    IReadOnlyList<string> Path, string Description, IReadOnlyList<CommandNode> Commands, IReadOnlyList<OptionNode> Options, IReadOnlyList<ArgumentNode> Arguments)
{
    /// <summary>The last word of its path.</summary>
    public string Name => Path.Count == 0 ? "" : Path[^1];

    /// <summary>This command and all under it, in order.</summary>
    public IEnumerable<CommandNode> All => Commands.SelectMany(c => c.All).Prepend(this);

    /// <summary>How it is called.</summary>
    public string Usage(string program) => string.Join(' ', (string[])
    [
        program, .. Path,
        .. Arguments.Select(a => a.IsOptional ? $"[{a.Name}]" : a.Name),
        .. Commands.Count > 0 ? ["COMMAND"] : Array.Empty<string>(),
        .. Options.Any(o => !o.IsHelp) ? ["[options]"] : Array.Empty<string>(),
    ]);

    /// <summary>Reads the tree of a command.</summary>
    public static CommandNode Of(Command command) => Of(command, []);

    private static CommandNode Of(Command command, IReadOnlyList<string> path) => new(
        path,
        command.Description ?? "",
        [.. command.Subcommands.Where(c => !c.Hidden).Select(c => Of(c, [.. path, c.Name]))],
        [.. command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive))).Where(o => !o.Hidden).Distinct().Select(OptionNode.Of)],
        [.. command.Arguments.Where(a => !a.Hidden).Select(a => new ArgumentNode(a.Name, a.Description ?? "", a.Arity.MinimumNumberOfValues == 0, OptionNode.ChoicesOf(a.HelpName)))]);
}

/// <summary>An argument of a command.</summary>
internal sealed record ArgumentNode(string Name, string Description, bool IsOptional, IReadOnlyList<string> Choices)
{
    /// <summary>What is completed for it.</summary>
    public ValueKind Kind => OptionNode.KindOf(Name);
}

/// <summary>What a value is, as far as a shell can help with it.</summary>
internal enum ValueKind
{
    /// <summary>Text that nobody can guess.</summary>
    Text,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,
}

/// <summary>An option of a command.</summary>
/// <param name="Names">Its names, the longest first.</param>
/// <param name="Description">What it does.</param>
/// <param name="Value">What its value is called; null where it takes none.</param>
internal sealed record OptionNode(IReadOnlyList<string> Names, string Description, string? Value)
{
    private const string Help = "--help";

    /// <summary>Whether it is the option that shows help.</summary>
    public bool IsHelp => Names[0] == Help;

    /// <summary>The values that it takes; empty where they are not a few words.</summary>
    public IReadOnlyList<string> Choices => ChoicesOf(Value);

    /// <summary>What is completed for its value.</summary>
    public ValueKind Kind => KindOf(Value);

    public static OptionNode Of(Option option) => new(
        [.. option.Aliases.Prepend(option.Name).Where(n => n is not ("-?" or "/?" or "/h")).OrderByDescending(n => n.Length)],
        option.Name == Help ? "Show help." : option.Name == "--version" ? "Show the version." : option.Description ?? "",
        option.ValueType == typeof(bool) || option.ValueType == typeof(void) ? null : option.HelpName ?? "VALUE");

    /// <summary>The words that a value's name stands for, such as text|json.</summary>
    public static IReadOnlyList<string> ChoicesOf(string? name) => name?.Contains('|', StringComparison.Ordinal) == true ? name.Split('|') : [];

    public static ValueKind KindOf(string? name) => name switch
    {
        "FILE" => ValueKind.File,
        "DIR" => ValueKind.Folder,
        _ => ValueKind.Text,
    };
}
