using System.CommandLine;

namespace Smimectl;

/// <summary>smimectl sync: a folder of manifests instead of a cluster.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var once = new Option<bool>("--once") { Description = "End when nothing more happens without a person: exit 0 if everything is ready, 1 if not." };
        var watch = new Option<bool>("--watch") { Description = "Go on until stopped: changed manifests and changes in the tenant are dealt with (the default)." };
        var endpoint = CommonOptions.TenantEndpoint();
        var state = CommonOptions.State();
        var cluster = CommonOptions.ClusterId();
        var output = CommonOptions.Output();
        var noColor = CommonOptions.NoColor();
        var exitWhenReady = CommonOptions.ExitWhenReady();
        var timeout = CommonOptions.Timeout(CommonOptions.SyncTimeout);
        var command = new Command("sync", "Keep a tenant as a folder of manifests says.")
        {
            folder, once, watch, endpoint, state, cluster, output, noColor, exitWhenReady, timeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(once) && (result.GetValue(watch) || result.GetValue(exitWhenReady)))
            {
                result.AddError("--once excludes --watch and --exit-when-ready.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(folder);
            var until = parsed.GetValue(once) ? RunUntil.Settled : parsed.GetValue(exitWhenReady) ? RunUntil.Ready : RunUntil.Stopped;
            using var signals = new StopSignals(cancellationToken);
            await using var sync = FolderSync.Open(new SyncOptions
            {
                Folders = [directory],
                StatePath = parsed.GetValue(state) ?? CommonOptions.StatePath(directory),
                ClusterId = parsed.GetValue(cluster),
                TenantEndpoint = parsed.GetValue(endpoint),
            });
            var view = CommonOptions.View(
                parsed.GetValue(output), parsed.GetValue(noColor), until, parsed.InvocationConfiguration.Output, new ViewNotes());
            var limit = parsed.GetValue(timeout) ?? (until == RunUntil.Stopped ? null : DefaultTimeout);
            return await SyncRunner.RunAsync(sync, view, until, limit, TimeProvider.System, signals.Token);
        });
        return command;
    }
}
