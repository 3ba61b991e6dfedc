using System.Diagnostics;

namespace Smimectl;

/// <summary>What kubectl answered.</summary>
internal sealed record KubectlAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs the kubectl that is on the PATH.</summary>
internal static class KubectlProcess
{
    /// <returns>The answer; null where kubectl is not installed.</returns>
    public static async Task<KubectlAnswer?> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
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
            var output = process!.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new KubectlAnswer(process.ExitCode, await output, await error);
        }
    }
}
