using Xunit;

namespace SmimeOperator.Testing;

/// <summary>One release of Helm: from artifacts/tools, where eng/tools.sh puts it, otherwise from the PATH.</summary>
/// <param name="name">The program: helm, which is the current release, or helm3.</param>
public sealed class Helm(string name)
{
    private readonly string? _program = Find(name);

    /// <summary>The chart under test.</summary>
    public static string Chart => RepositoryRoot.Path("charts", "smime-operator");

    /// <summary>Runs helm, whatever comes of it; skips the test where there is none.</summary>
    public Task<CommandResult> TryRunAsync(params string[] arguments)
    {
        Assert.SkipWhen(_program is null, $"SKIPPED, THE CHART IS NOT TESTED WITH {name}: run eng/tools.sh, which fetches it into artifacts/tools, or put it on the PATH.");
        return Command.RunAsync(_program, arguments);
    }

    /// <summary>Runs helm and returns what it wrote; fails the test when helm fails.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryRunAsync(arguments)).Succeeded().StandardOutput;

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Prepend(RepositoryRoot.Path("artifacts", "tools"))
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
