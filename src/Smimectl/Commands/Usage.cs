using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Smimectl;

/// <summary>What is said of a wrong command line, and help by the name that the program was called by.</summary>
internal static class Usage
{
    /// <summary>Lets help name the program as it was called.</summary>
    public static void NameAsCalled(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new NamedHelp((SynchronousCommandLineAction)help.Action!, root.Name);
    }

    /// <summary>Says what is wrong, with what was probably meant.</summary>
    public static void Explain(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            error.WriteLine($"{ToolName.Program}: a command is missing; there are {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}");
        }
        else if (parsed.UnmatchedTokens.Count > 0)
        {
            foreach (var word in parsed.UnmatchedTokens)
            {
                error.WriteLine($"{ToolName.Program}: '{word}' is not known{Suggestion(word, command)}");
            }
        }
        else
        {
            foreach (var problem in parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
            {
                error.WriteLine($"{ToolName.Program}: {problem}");
            }
        }

        var path = string.Concat(Path(parsed.CommandResult.Command).Select(name => " " + name));
        error.WriteLine($"See: {ToolName.Typed}{path} --help");
    }

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent).Append(command.Name) : [];

    private static string Suggestion(string word, Command command)
    {
        var known = word.StartsWith('-')
            ? command.Options.Select(o => o.Name)
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        return Spelling.Nearest(word, known) is { } near ? $"; did you mean {near}?" : "";
    }

    private sealed class NamedHelp(SynchronousCommandLineAction inner, string name) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var configuration = parseResult.InvocationConfiguration;
            var output = configuration.Output;
            using var text = new StringWriter();
            configuration.Output = text;
            try
            {
                return inner.Invoke(parseResult);
            }
            finally
            {
                configuration.Output = output;
                output.Write(text.ToString().Replace($"  {name} ", $"  {ToolName.Typed} ", StringComparison.Ordinal));
            }
        }
    }
}
