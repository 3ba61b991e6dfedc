using System.CommandLine;
using System.Text.RegularExpressions;
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
internal static partial class CommonOptions
{
    public const string SyncTimeout = "The longest wait for --once and --exit-when-ready, such as 90s or 5m. Default: 5m.";

    public static Argument<string> Folder() => new Argument<string>("DIR") { Description = "The folder with the manifests (*.yaml)." }.ThatExists();

    /// <summary>Refuses what is no folder before anything is begun.</summary>
    public static T ThatExists<T>(this T folder)
        where T : Argument
    {
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Misses(token.Value) is { } problem)
            {
                result.AddError(problem);
            }
        });
        return folder;
    }

    /// <summary>What is wrong with a folder; null where it is there.</summary>
    public static string? Misses(string folder) => folder switch
    {
        "" => "DIR is empty; name the folder with the manifests",
        _ when Directory.Exists(folder) => null,
        _ when File.Exists(folder) => $"{folder} is a file; name the folder that holds it",
        _ => $"there is no folder {folder}",
    };

    /// <summary>Further folders that belong to what DIR states, and need not be in its repository.</summary>
    public static Option<string[]> With()
    {
        var option = new Option<string[]>("--with")
        {
            Description = "A further folder that counts as part of DIR, such as one with decrypted Secrets; repeatable.",
            HelpName = "DIR",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var problem in result.Tokens.Select(t => Misses(t.Value)).OfType<string>())
            {
                result.AddError(problem);
            }
        });
        return option;
    }

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "table: live on a terminal, lines otherwise; json: a document at the end, with --watch also a line for each event; plain: lines.",
        HelpName = "table|json|plain",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public static Option<bool> NoColor() => new("--no-color") { Description = "No colours; the variable NO_COLOR does the same." };

    public static Option<bool> ExitWhenReady() => new("--exit-when-ready") { Description = "End when everything is ready." };

    public static Option<string?> TenantEndpoint() => new("--tenant-endpoint")
    {
        Description = "Overrides spec.endpoint of every Tenant, such as http://127.0.0.1:5080.",
        HelpName = "URL",
    };

    public static Option<string?> ClientId()
    {
        var option = new Option<string?>("--client-id")
        {
            Description = "Sign in as this app registration, by workload identity (AZURE_FEDERATED_TOKEN_FILE), instead of as the Tenants say: one that may read is enough.",
            HelpName = "ID",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } id && !Guid.TryParseExact(id, "D", out _))
            {
                result.AddError("--client-id takes the application (client) id of an app registration, such as 11111111-2222-3333-4444-555555555555.");
            }
        });
        return option;
    }

    public static Option<string?> TenantName(string description = "The Tenant to look at, where DIR states several.") => new("--tenant")
    {
        Description = description,
        HelpName = "[NAMESPACE/]NAME",
    };

    public static Option<string?> State() => new("--state")
    {
        Description = "The file that remembers statuses between runs. Default: .run/<DIR>.state.json beside DIR.",
        HelpName = "FILE",
    };

    public static Option<string?> ClusterId(string more = "")
    {
        var option = new Option<string?>("--cluster-id")
        {
            Description = "Names this folder in the mark on everything that is made; keep it for the folder's life. Default: smimectl-<DIR>." + more,
            HelpName = "NAME",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !ClusterIdPattern().IsMatch(name))
            {
                result.AddError("--cluster-id takes up to 63 letters, digits, dots, dashes and underscores.");
            }
        });
        return option;
    }

    public static Option<TimeSpan?> Poll() => Duration("--poll", "With --git: the pause between two looks at the repository. Default: 1m.");

    public static Option<TimeSpan?> Timeout(string description) => Duration("--timeout", description);

    private static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
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
                var plain = !IsColourful(noColor, output);
                var console = AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect });
                return console.Profile.Capabilities.Ansi ? new TableView(console, notes, TimeProvider.System) : new PlainView(output, notes);
            default:
                return new PlainView(output, notes);
        }
    }

    /// <summary>Whether colours are wanted and a terminal is there to show them.</summary>
    public static bool IsColourful(bool noColor, TextWriter output) =>
        !noColor && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 } && !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);

    /// <summary>The folder beside DIR where runs keep what they remember.</summary>
    public static string RunFolder(string folder) => Path.Combine(Path.GetDirectoryName(NameOf(folder)) ?? NameOf(folder), ".run");

    /// <summary>Where the state of DIR is kept by default.</summary>
    public static string StatePath(string folder) => Path.Combine(RunFolder(folder), Path.GetFileName(NameOf(folder)) + ".state.json");

    private static string NameOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClusterIdPattern();
}
