using System.CommandLine;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>The command line as a whole.</summary>
internal static class CommandLine
{
    /// <returns>0: done; 1: something is not ready; 2: it could not be begun.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Keeps a Microsoft Intune tenant's S/MIME setup as YAML says, without a cluster.")
        {
            PlanCommand.Create(), ExportCommand.Create(), UnmanagedCommand.Create(), SyncCommand.Create(), DemoCommand.Create(), SimulatorCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        // Signals are our own affair: what is in hand ends in order, and stopping is no failure.
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellationToken);
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (Exception fault) when (fault is StateFileException or ClusterException or TenantChoiceException or TenantNotUsableException or TenantException
            or TimeoutException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"smimectl: {fault.Message}");
            return 2;
        }
    }
}
