using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Reads a user's history: the tenant as it is, and through the operator's own reconcilers what git would import.</summary>
internal static class HistoryReader
{
    /// <exception cref="UnknownUserException">Nobody is called like that, or nobody for sure.</exception>
    /// <inheritdoc cref="TenantLook.OpenAsync"/>
    public static async Task<UserHistory> ReadAsync(string wanted, LookOptions options, CancellationToken cancellationToken)
    {
        await using var look = await TenantLook.OpenAsync(options, cancellationToken);
        var view = look.View;
        var user = await HistoryUser.FindAsync(wanted, view, UserImports.NamesIn(view.Catalog, look.Name), cancellationToken);
        var contents = UserImports.Of(user, look.Contents(), view.Catalog, look.Memory);
        var isEscrow = view.Catalog.BulkImportsOf(look.Name).Select(i => new ResourceKey(CertificateImport.KubeKind, i.Metadata.NamespaceProperty, i.Metadata.Name)).ToHashSet();
        // The status of an escrow speaks of all its users, and would be read as that of one.
        var rehearsal = await look.RehearseAsync(contents, key => !isEscrow.Contains(key), cancellationToken);
        var deliveries = await UserDeliveries.ReadAsync(user, view, cancellationToken);
        return HistoryComposer.Compose(new HistoryInput
        {
            User = user,
            Tenant = view.Resource,
            Snapshot = view.Snapshot,
            Records = rehearsal.View.Records,
            Remembered = [.. (look.Memory?.Records ?? []).Where(r => contents.Resources.ContainsKey(r.Key)).Select(r => r.Status).OfType<CertificateImportStatus>().SelectMany(s => s.Certificates ?? [])],
            Stated = view.Catalog.ImportsOf(look.Name),
            Plans = PlanReport.Of(rehearsal, [], []).Resources,
            Escrows = isEscrow,
            Deliveries = deliveries,
            Unread = [.. Unread(view, rehearsal, deliveries.Fault)],
            Now = options.Time.GetUtcNow(),
        });
    }

    private static IEnumerable<string> Unread(TenantView view, Rehearsal rehearsal, string? fault)
    {
        foreach (var (part, problem) in view.Snapshot.Faults.Where(f => f.Key is SnapshotPart.ImportedCertificates or SnapshotPart.DeviceConfigurations or SnapshotPart.AppConfigurations).OrderBy(f => f.Key))
        {
            yield return $"{part} could not be read, so nothing is said of what is absent there: {problem.Message}";
        }

        foreach (var problem in rehearsal.View.Problems)
        {
            yield return $"a file of the folder is not used: {problem}";
        }

        if (!rehearsal.IsComplete)
        {
            yield return "what git holds was not looked at to the end in time; a longer --timeout may help";
        }

        if (fault is not null)
        {
            yield return fault;
        }
    }
}
