using System.Diagnostics;

namespace Smimectl;

/// <summary>A cluster cannot be read.</summary>
internal sealed class ClusterException(string message) : RefusalException(message);

/// <summary>What kubectl answered.</summary>
internal sealed record KubectlAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs the kubectl that is on the PATH, with its current context: it knows every way of logging in to a cluster.</summary>
internal static class KubectlRunner
{
    /// <summary>Runs kubectl and returns what it wrote.</summary>
    /// <exception cref="ClusterException">kubectl is missing or failed.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await TryRunAsync(arguments, cancellationToken) ?? throw new ClusterException("kubectl is not installed, and the cluster is read through it");
        return answer.ExitCode == 0 ? answer.Output : throw new ClusterException($"kubectl {arguments[0]} failed: {Sentence(answer.Error)}");
    }

    /// <summary>Runs kubectl.</summary>
    /// <returns>The answer; null where kubectl is not installed.</returns>
    public static async Task<KubectlAnswer?> TryRunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process)
        {
            try
            {
                var output = process!.StandardOutput.ReadToEndAsync(cancellationToken);
                var error = process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return new KubectlAnswer(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                // It may wait for a server that never answers.
                process!.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    // kubectl logs each of its own attempts before it says what is wrong.
    private static string Sentence(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = lines.Where(l => !(l.Length > 5 && (l[0] is 'E' or 'W' or 'I') && l[1..5].All(char.IsAsciiDigit))).ToArray();
        return string.Join(' ', said.Length > 0 ? said : lines);
    }
}
