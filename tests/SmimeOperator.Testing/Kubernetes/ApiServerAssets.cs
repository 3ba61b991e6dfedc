using System.Diagnostics;

namespace SmimeOperator.Testing;

/// <summary>Where kube-apiserver and etcd are, by the convention of envtest.</summary>
internal static class ApiServerAssets
{
    internal const string Missing =
        "SKIPPED, NOT TESTED AGAINST A REAL API SERVER: set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd, as setup-envtest prints it.";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The folder that holds both binaries; null where there is none.</summary>
    internal static string? Folder => Found.Value;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } named)
        {
            // A folder that somebody named and that is not usable is a fault, never a reason to skip.
            return IsUsable(named) ? named : throw new InvalidOperationException($"KUBEBUILDER_ASSETS names {named}, which lacks kube-apiserver or etcd.");
        }

        var setup = Path.GetFullPath(RepositoryRoot.Path("..", "shared", "envtest", "setup"));
        if (!File.Exists(setup))
        {
            return null;
        }

        using var process = Process.Start(new ProcessStartInfo(setup) { UseShellExecute = false, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{setup} did not start.");
        var folder = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && IsUsable(folder)
            ? folder
            : throw new InvalidOperationException($"{setup} ended with {process.ExitCode} and printed '{folder}'.");
    }

    private static bool IsUsable(string folder) => File.Exists(Path.Combine(folder, "kube-apiserver")) && File.Exists(Path.Combine(folder, "etcd"));
}
