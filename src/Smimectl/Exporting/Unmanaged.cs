using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Something about S/MIME that the tenant holds and no manifest states.</summary>
/// <param name="Kind">Object, assignment or import.</param>
/// <param name="Type">The Graph type.</param>
/// <param name="Id">The id; of an assignment, the object's.</param>
/// <param name="Name">The object's name, or the user.</param>
/// <param name="Detail">What of it is not stated.</param>
/// <param name="LastModified">When it was last written, as the service says; null where it does not say.</param>
/// <param name="LastWriter">Who wrote it last; null where nobody knows.</param>
/// <param name="Mark">Whose mark it bears; null where it bears none.</param>
internal sealed record UnmanagedItem(string Kind, string Type, string Id, string? Name, string Detail, string? LastModified, string? LastWriter, string? Mark);

/// <summary>Finds what a tenant holds for S/MIME beside what a folder states.</summary>
internal sealed class Unmanaged(TenantView view)
{
    private const string Assigned = "assignment";

    /// <exception cref="TenantException">A part of the tenant cannot be read: what is not seen must not look stated.</exception>
    public async Task<IReadOnlyList<UnmanagedItem>> FindAsync(CancellationToken cancellationToken)
    {
        foreach (var fault in view.Snapshot.Faults.Where(f => f.Key is not (SnapshotPart.Connectors or SnapshotPart.DerivedCredentials)))
        {
            throw fault.Value;
        }

        var policies = view.Catalog.PoliciesOf(new ResourceName(view.Resource.Metadata.NamespaceProperty, view.Resource.Metadata.Name));
        var owners = policies.ToDictionary(OwnerOf);
        var byId = policies.SelectMany(p => IdsOf(p).Select(id => (Id: id, Policy: p))).DistinctBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(p => p.Id, p => p.Policy, StringComparer.OrdinalIgnoreCase);
        var all = view.Snapshot.All(TenantCollection.AppConfigurations).Concat(view.Snapshot.All(TenantCollection.DeviceConfigurations)).ToList();
        var ours = all.Select(o => (Object: o, Policy: PolicyOf(o))).Where(o => o.Policy is not null).ToList();
        var managed = ours.Select(o => o.Object.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. SmimeObjects.Of(view.Snapshot).Where(o => !managed.Contains(o.Id)).Select(o => Item("object", o, "no manifest states it")),
            .. await AssignmentsAsync(ours!, cancellationToken),
            .. await ImportsAsync(cancellationToken),
        ];

        SmimePolicy? PolicyOf(TenantObject value) =>
            SmimeObjects.MarkOf(value) is { } mark && mark.ClusterId == view.Catalog.ClusterId && owners.TryGetValue(mark.Owner, out var owner) ? owner : byId.GetValueOrDefault(value.Id);
    }

    private static string OwnerOf(SmimePolicy policy) => $"{SmimePolicy.KubeKind}/{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}";

    private static IEnumerable<string> IdsOf(SmimePolicy policy) =>
        (policy.Spec.Adoption.Objects ?? []).Select(o => o.Id).Concat(policy.Spec.Adoption.Id is { } id ? [id] : []);

    private async Task<IEnumerable<UnmanagedItem>> AssignmentsAsync(IReadOnlyList<(TenantObject Object, SmimePolicy Policy)> ours, CancellationToken cancellationToken)
    {
        var stated = ours.Select(o => o.Policy).Distinct().ToDictionary(OwnerOf, p => view.Catalog.AssignmentsOf(new ResourceName(p.Metadata.NamespaceProperty, p.Metadata.Name)));
        var names = stated.Values.SelectMany(a => a).SelectMany(GroupsOf).Select(g => g.DisplayName).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var found = names.Count == 0 ? null : await view.Tenant.Connection.FindGroupsByNameAsync(names, null, cancellationToken);
        var targets = stated.ToDictionary(s => s.Key, s => s.Value.SelectMany(a => TargetsOf(a, found)).ToHashSet(), StringComparer.Ordinal);
        return from our in ours
               let wanted = targets[OwnerOf(our.Policy)]
               from assignment in our.Object.Assignments
               where !assignment.FromPolicySet && !wanted.Contains((assignment.Target.Kind, assignment.Target.GroupId))
               select Item(Assigned, our.Object, $"no Assignment of {OwnerOf(our.Policy)} states {Describe(assignment.Target)}");
    }

    private static IEnumerable<GroupReference> GroupsOf(Assignment assignment) =>
        assignment.Spec.Include.Select(i => i.Group).OfType<GroupReference>().Concat((assignment.Spec.Exclude ?? []).Select(e => e.Group));

    private static IEnumerable<(TargetKind, string?)> TargetsOf(Assignment assignment, ILookup<string, DirectoryGroup>? found) =>
        assignment.Spec.Include.SelectMany(i => i switch
        {
            { Group: { } group } => Ids(group, found).Select(id => (TargetKind.Group, (string?)id)),
            { AllUsers: true } => [(TargetKind.AllLicensedUsers, null)],
            _ => [(TargetKind.AllDevices, null)],
        }).Concat((assignment.Spec.Exclude ?? []).SelectMany(e => Ids(e.Group, found).Select(id => (TargetKind.ExclusionGroup, (string?)id))));

    private static IEnumerable<string> Ids(GroupReference group, ILookup<string, DirectoryGroup>? found) =>
        group.Id is { } id ? [id.ToLowerInvariant()] : found?[group.DisplayName!].Select(g => g.Id) ?? [];

    private async Task<IEnumerable<UnmanagedItem>> ImportsAsync(CancellationToken cancellationToken)
    {
        var stated = StatedUsers.Of(view);
        var users = await TenantUsers.FindAsync(view, cancellationToken);
        return from certificates in view.Snapshot.CertificatesByUser
               let user = TenantUsers.Of(certificates.Key, users)
               where !(user is not null && stated.Contains(user.UserPrincipalName))
               from certificate in certificates.Value
               where user is not null || !stated.Contains(certificate.UserPrincipalName)
               orderby certificate.UserPrincipalName, certificate.Thumbprint
               select new UnmanagedItem(
                   "import", "userPFXCertificate", certificate.Id, user?.UserPrincipalName ?? certificate.UserPrincipalName,
                   string.Create(CultureInfo.InvariantCulture, $"no CertificateImport names the user; {certificate.IntendedPurpose}, notAfter {certificate.ExpirationDateTime.UtcDateTime:yyyy-MM-dd}"), null, null, null);
    }

    private static UnmanagedItem Item(string kind, TenantObject value, string detail) => new(
        kind, value.Type, value.Id, value.DisplayName, detail, value.Text("lastModifiedDateTime"),
        // Graph shows when and not who; a mark tells of the operator that writes it.
        SmimeObjects.MarkOf(value) is { } mark && kind != Assigned ? $"operator of cluster {mark.ClusterId}" : null,
        SmimeObjects.MarkOf(value) is { } whose ? $"{whose.Owner} of cluster {whose.ClusterId}" : null);

    private static string Describe(AssignmentTarget target) => target.Kind switch
    {
        TargetKind.Group => $"group {target.GroupId}",
        TargetKind.ExclusionGroup => $"everybody but group {target.GroupId}",
        TargetKind.AllLicensedUsers => "all users",
        TargetKind.AllDevices => "all devices",
        _ => "a target of a kind that is not known here",
    };
}
