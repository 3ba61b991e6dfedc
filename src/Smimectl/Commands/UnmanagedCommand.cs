using System.CommandLine;

namespace Smimectl;

/// <summary>smimectl unmanaged: what a tenant holds for S/MIME and no manifest states.</summary>
internal static class UnmanagedCommand
{
    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var with = CommonOptions.With();
        var tenant = CommonOptions.TenantName();
        var endpoint = CommonOptions.TenantEndpoint();
        var cluster = CommonOptions.ClusterId();
        var output = new Option<UnmanagedFormat>("--output", "-o") { Description = "text, json or csv.", HelpName = "text|json|csv" };
        var command = new Command("unmanaged",
            "List what a tenant holds for S/MIME and DIR does not state: objects, assignments, imported certificates. Reads the tenant, and changes nothing. "
            + "Ends with 0 if there is none, 2 if there is.")
        {
            folder, with, tenant, endpoint, cluster, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var choice = new TenantChoice(parsed.GetRequiredValue(folder), parsed.GetValue(tenant), parsed.GetValue(endpoint), parsed.GetValue(cluster)) { With = parsed.GetValue(with)! };
            await using var view = await TenantView.OpenAsync(choice, TimeProvider.System, signals.Token);
            var items = await new Unmanaged(view).FindAsync(signals.Token);
            UnmanagedWriter.Write(items, parsed.GetValue(output), parsed.InvocationConfiguration.Output);
            return items.Count == 0 ? 0 : PlanCommand.HasChanges;
        });
        return command;
    }
}
