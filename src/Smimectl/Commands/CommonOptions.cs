using System.CommandLine;
using SmimeOperator.Api;
using Spectre.Console;

namespace Smimectl;

/// <summary>How results are shown.</summary>
internal enum OutputFormat
{
    /// <summary>A live table on a terminal, lines where output is redirected.</summary>
    Table,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Lines.</summary>
    Plain,
}

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Argument<string> Folder() => new("DIR") { Description = "The folder with the manifests (*.yaml)." };

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "table: live on a terminal, lines otherwise; json: a document at the end, with --watch also a line for each event; plain: lines.",
        HelpName = "table|json|plain",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public static Option<bool> NoColor() => new("--no-color") { Description = "No colours; the variable NO_COLOR does the same." };

    public static Option<bool> ExitWhenReady() => new("--exit-when-ready") { Description = "End when everything is ready." };

    public static Option<TimeSpan?> Timeout() => new("--timeout")
    {
        Description = "The longest wait for --once and --exit-when-ready, such as 90s or 5m. Default: 5m.",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var duration) && duration > TimeSpan.Zero)
            {
                return duration;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no duration; write it like 90s or 5m.");
            return null;
        },
    };

    /// <summary>The view that suits the options and the terminal.</summary>
    public static ISyncView View(OutputFormat format, bool noColor, RunUntil until, TextWriter output, ViewNotes notes)
    {
        switch (format)
        {
            case OutputFormat.Json:
                return new JsonView(output, until == RunUntil.Stopped, notes);
            case OutputFormat.Table when !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out):
                var plain = noColor || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
                var console = AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect });
                return console.Profile.Capabilities.Ansi ? new TableView(console, notes, TimeProvider.System) : new PlainView(output, notes);
            default:
                return new PlainView(output, notes);
        }
    }

    /// <summary>The folder beside DIR where runs keep what they remember.</summary>
    public static string RunFolder(string folder) => Path.Combine(Path.GetDirectoryName(NameOf(folder)) ?? NameOf(folder), ".run");

    /// <summary>Where the state of DIR is kept by default.</summary>
    public static string StatePath(string folder) => Path.Combine(RunFolder(folder), Path.GetFileName(NameOf(folder)) + ".state.json");

    private static string NameOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
