using System.CommandLine;
using SmimeOperator.Api;
using SmimeOperator.TenantSimulator;

namespace Smimectl;

/// <summary>smimectl demo: the whole job on one machine, with a simulated tenant and a made-up PKI.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var port = new Option<int?>("--port") { Description = $"The simulator's loopback port. Default: {SimulatorCommand.DefaultPort}, or a free one where that is taken." };
        var run = new Option<string?>("--run-folder") { Description = "Where generated Secrets, the tenant and the state are kept. Default: .run beside DIR.", HelpName = "DIR" };
        var output = CommonOptions.Output();
        var noColor = CommonOptions.NoColor();
        var exitWhenReady = CommonOptions.ExitWhenReady();
        var timeout = CommonOptions.Timeout(CommonOptions.SyncTimeout);
        var command = new Command("demo", "Try everything on this machine: a simulated tenant, a sample PKI, and continuous sync of DIR.")
        {
            folder, port, run, output, noColor, exitWhenReady, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(folder);
            var runFolder = parsed.GetValue(run) ?? CommonOptions.RunFolder(directory);
            var until = parsed.GetValue(exitWhenReady) ? RunUntil.Ready : RunUntil.Stopped;
            using var signals = new StopSignals(cancellationToken);
            var demo = new DemoFolder(runFolder, TimeProvider.System);
            demo.Prepare();
            await using var simulator = await StartAsync(demo, parsed.GetValue(port), signals.Token);
            SampleTenant.Fill(simulator.Tenant);
            SampleTenant.AddGivens(simulator.Tenant);
            await using var sync = FolderSync.Open(new SyncOptions
            {
                Folders = [directory, demo.Generated],
                StatePath = Path.Combine(runFolder, Path.GetFileName(CommonOptions.StatePath(directory))),
                TenantEndpoint = simulator.BaseAddress.ToString().TrimEnd('/'),
            });
            var notes = new ViewNotes { Writes = _ => simulator.Tenant.Log.Total.Writes, Hints = view => Hints(view, directory, simulator.BaseAddress) };
            var view = CommonOptions.View(parsed.GetValue(output), parsed.GetValue(noColor), until, parsed.InvocationConfiguration.Output, notes);
            return await SyncRunner.RunAsync(sync, view, until, parsed.GetValue(timeout), TimeProvider.System, signals.Token);
        });
        return command;
    }

    private static async Task<SimulatorHost> StartAsync(DemoFolder demo, int? port, CancellationToken cancellationToken)
    {
        var options = new SimulatorOptions
        {
            Port = port ?? SimulatorCommand.DefaultPort,
            StatePath = demo.TenantFile,
            ConnectorPrivateKeyPem = demo.ConnectorPrivateKey,
        };
        try
        {
            return await SimulatorHost.StartAsync(options, cancellationToken);
        }
        catch (IOException) when (port is null)
        {
            return await SimulatorHost.StartAsync(options with { Port = 0 }, cancellationToken);
        }
    }

    private static IReadOnlyList<string> Hints(BoardView view, string folder, Uri simulator)
    {
        var policy = view.Records.Where(r => r.Entity is SmimePolicy).SelectMany(r => r.Status?.Objects ?? []).FirstOrDefault(o => o.Role == "app-policy")?.Id;
        return
        [
            $"Play: edit a file in {folder} and save it; delete an Assignment; break the YAML.",
            .. policy is null
                ? Array.Empty<string>()
                : [$"Or change the tenant: curl -X PATCH {simulator}admin/objects/mobileAppConfigurations/{policy} -d '{{\"displayName\": \"changed in the portal\"}}'"],
            $"Look into the tenant: curl {simulator}admin/objects. Stop with Ctrl+C; the next start goes on from here.",
        ];
    }
}
