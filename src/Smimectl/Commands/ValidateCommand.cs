using System.CommandLine;

namespace Smimectl;

/// <summary>How findings are written.</summary>
internal enum FindingFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>SARIF 2.1.0.</summary>
    Sarif,

    /// <summary>Workflow commands of GitHub Actions.</summary>
    GitHub,

    /// <summary>A Code Quality report of GitLab.</summary>
    GitLab,
}

/// <summary>smimectl validate: whether manifests are in order, without a cluster and without a tenant.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder with the manifests (*.yaml), one file, or - for the standard input." };
        var output = new Option<FindingFormat>("--output", "-o")
        {
            Description = "text, json, sarif (2.1.0), github (annotations of a workflow) or gitlab (a Code Quality report).",
            HelpName = "text|json|sarif|github|gitlab",
        };
        var kustomize = new Option<KustomizeMode>("--kustomize")
        {
            Description = "auto (the default): folders with a kustomization.yaml are built with kubectl first; always: DIR has one; never: files are read as they are.",
            HelpName = "auto|always|never",
        };
        var strict = new Option<bool>("--strict") { Description = "Warnings are errors." };
        var noColor = CommonOptions.NoColor();
        var command = new Command("validate",
            "Check a folder of manifests, alone and against each other, without a cluster and without a tenant. "
            + "Ends with 0 if there is no error, 1 if there is, 2 if it could not be begun.")
        {
            folder, output, kustomize, strict, noColor,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var found = await FolderValidator.RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(kustomize), Console.In, signals.Token);
            var report = parsed.GetValue(strict) ? found.Strict() : found;
            Writer(parsed.GetValue(output), parsed.GetValue(noColor), parsed.InvocationConfiguration.Output).Write(report, parsed.InvocationConfiguration.Output);
            return report.Count(Severity.Error) > 0 ? 1 : 0;
        });
        return command;
    }

    private static IFindingWriter Writer(FindingFormat format, bool noColor, TextWriter output) => format switch
    {
        FindingFormat.Json => new FindingJson(),
        FindingFormat.Sarif => new FindingSarif(),
        FindingFormat.GitHub => new FindingGitHub(),
        FindingFormat.GitLab => new FindingGitLab(),
        _ => new FindingText(CommonOptions.IsColourful(noColor, output)),
    };
}
