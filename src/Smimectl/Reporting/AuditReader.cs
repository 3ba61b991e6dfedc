namespace Smimectl;

/// <summary>Reads a tenant for a report: one read of the tenant, and the operator's own reconcilers for what differs from git.</summary>
internal static class AuditReader
{
    /// <inheritdoc cref="TenantLook.OpenAsync"/>
    public static async Task<AuditReport> ReadAsync(LookOptions options, CancellationToken cancellationToken)
    {
        await using var look = await TenantLook.OpenAsync(options, cancellationToken);
        var contents = look.Contents();
        var rehearsal = await look.RehearseAsync(contents, _ => true, cancellationToken);
        var (routes, words) = await DeliveryRoute.ListAsync(look.View, [], cancellationToken);
        var intended = await IntendedReader.ReadAsync(look.View, routes, words, cancellationToken);
        return AuditComposer.Compose(new AuditInput
        {
            Tenant = look.View.Resource,
            Snapshot = look.View.Snapshot,
            ClusterId = look.View.Catalog.ClusterId,
            Plan = PlanReport.Of(rehearsal, [], []),
            Records = rehearsal.View.Records,
            StatedUsers = UserImports.NamesIn(look.View.Catalog, look.Name),
            Routes = routes,
            Intended = intended,
            Unread = [.. Unread(look, rehearsal, words.Fault)],
            Notes = [.. Notes(look)],
            Now = options.Time.GetUtcNow(),
        });
    }

    private static IEnumerable<string> Unread(TenantLook look, Rehearsal rehearsal, string? fault)
    {
        foreach (var (part, problem) in look.View.Snapshot.Faults.OrderBy(f => f.Key))
        {
            yield return $"{part} could not be read, so nothing is said of what is absent there: {problem.Message}";
        }

        foreach (var problem in rehearsal.View.Problems)
        {
            yield return $"a file of the folder is not used: {problem}";
        }

        if (!rehearsal.IsComplete)
        {
            yield return "what differs from git was not looked at to the end in time; a longer --timeout may help";
        }

        if (fault is not null)
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Notes(TenantLook look)
    {
        yield return "Coverage counts the users whom imports in git name, those of whom the tenant holds certificates, and the members of the groups that encryption profiles are assigned to.";
        yield return "Names of users are those of git and of the records; a user who was renamed since an import may appear under the old name.";
        if (look.Memory is null)
        {
            yield return "There is no memory of earlier runs (--state, --from-cluster): changes in the tenant cannot be told from changes in git, and removed manifests are not noticed.";
        }
    }
}
