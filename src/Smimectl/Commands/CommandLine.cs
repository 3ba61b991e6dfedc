using System.CommandLine;
using System.CommandLine.Invocation;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;
using SmimeOperator.TenantSimulator;

namespace Smimectl;

/// <summary>The command line as a whole.</summary>
internal static class CommandLine
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Keeps a Microsoft Intune tenant's S/MIME setup as YAML says, without a cluster.")
        {
            ValidateCommand.Create(), PlanCommand.Create(), SyncCommand.Create(), ExportCommand.Create(), UnmanagedCommand.Create(),
            HistoryCommand.Create(), ReportCommand.Create(), DoctorCommand.Create(), CertificateCommand.Create(), KeyCommand.Create(),
            DemoCommand.Create(), SimulatorCommand.Configure(new Command("simulator", SimulatorCommand.Description)),
        };
        root.Add(CompletionCommand.Create(root));
        root.Add(ManCommand.Create(root));
        Usage.NameAsCalled(root);
        var parsed = root.Parse(arguments);
        // Signals are our own affair: what is in hand ends in order, and stopping is no failure.
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                Usage.Explain(parsed, error);
                return ExitCodes.NotBegunOf(parsed.CommandResult.Command.Name);
            }

            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception fault) when (fault is RefusalException or TenantNotUsableException or TenantException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"smimectl: {fault.Message}");
            return ExitCodes.NotBegunOf(parsed.CommandResult.Command.Name);
        }
    }
}
