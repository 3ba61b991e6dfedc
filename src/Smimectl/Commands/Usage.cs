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
        var near = known.Select(k => (Name: k, Distance: Distance(word, k))).Where(k => k.Distance <= Math.Max(2, k.Name.Length / 3)).OrderBy(k => k.Distance).ToList();
        return near.Count == 0 ? "" : $"; did you mean {near[0].Name}?";
    }

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
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
