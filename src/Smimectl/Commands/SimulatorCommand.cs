using System.CommandLine;
using SmimeOperator.TenantSimulator;

namespace Smimectl;

/// <summary>smimectl simulator: a tenant on loopback.</summary>
internal static class SimulatorCommand
{
    public const int DefaultPort = 5080;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The loopback port; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };
        var state = new Option<string?>("--state") { Description = "Keep the tenant in this file.", HelpName = "FILE" };
        var command = new Command("simulator", "Run a simulated tenant on loopback, with the users and groups that the samples name.") { port, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            await using var simulator = await SimulatorHost.StartAsync(
                new SimulatorOptions { Port = parsed.GetValue(port), StatePath = parsed.GetValue(state) }, signals.Token);
            DemoTenant.Fill(simulator.Tenant);
            DemoTenant.AddGivens(simulator.Tenant);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"tenant {simulator.Tenant.TenantId} on {simulator.BaseAddress}; Graph: {simulator.BaseAddress}beta; administration: {simulator.BaseAddress}admin/objects");
            await output.FlushAsync(CancellationToken.None);
            var stopped = new TaskCompletionSource();
            await using var registration = signals.Token.Register(stopped.SetResult);
            await stopped.Task;
            return 0;
        });
        return command;
    }
}
