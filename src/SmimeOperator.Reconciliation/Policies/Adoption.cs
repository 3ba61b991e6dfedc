using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Objects that a policy takes over by id: which they are, and who may.</summary>
internal static class Adoption
{
    /// <summary>The id of the object that a policy takes over for a role; null where it takes over none.</summary>
    public static string? IdOf(SmimePolicySpec spec, string role) => spec.Adoption.Objects?.Find(o => o.Role == role)?.Id;

    /// <summary>Refuses entries for parts that nothing plays: left alone in silence, their objects would be made a second time.</summary>
    public static void Check(SmimePolicySpec spec, IReadOnlyList<DesiredObject> desired)
    {
        var objects = spec.Adoption.Objects ?? [];
        if (objects.GroupBy(o => o.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw VerdictException.Stalled(Reasons.InvalidSpec,
                $"spec.adoption.objects: {twice.Key} is named for {string.Join(" and ", twice.Select(o => o.Role))}; an object plays one part");
        }

        foreach (var adopted in objects)
        {
            var isLate = adopted.Role == Roles.AndroidAppPolicy && spec.Platforms?.Android is not null;
            if (!isLate && desired.All(d => d.Role != adopted.Role || Roles.IsApp(d.Role)))
            {
                throw VerdictException.Stalled(Reasons.InvalidSpec,
                    $"spec.adoption.objects: nothing of this policy plays the part {adopted.Role}; there are {string.Join(", ", desired.Select(d => d.Role).Where(r => !Roles.IsApp(r)).Order(StringComparer.Ordinal))}");
            }
        }
    }

    /// <summary>Refuses objects that another policy has, or asked for first.</summary>
    public static void CheckRivals(SmimePolicy policy, IResourceCatalog catalog)
    {
        var wanted = (policy.Spec.Adoption.Objects ?? []).Where(o => !Has(policy, o.Id)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var other in catalog.PoliciesOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty)).Where(p => p.Metadata.Uid != policy.Metadata.Uid))
        {
            var isFirst = Age(other).CompareTo(Age(policy)) < 0;
            if (wanted.Find(o => Has(other, o.Id) || (isFirst && Names(other, o.Id))) is { } taken)
            {
                throw VerdictException.Stalled(Reasons.Conflict,
                    $"spec.adoption.objects[{taken.Role}]: {taken.Id} belongs to SmimePolicy/{other.Metadata.NamespaceProperty}/{other.Metadata.Name}; an object is one policy's, so remove it from one of the two");
            }
        }
    }

    /// <summary>The object that is to be taken over.</summary>
    /// <exception cref="VerdictException">It is not there, or is something else.</exception>
    public static TenantObject Find(DesiredObject desired, TenantSnapshot snapshot)
    {
        var shape = desired.Shape;
        if (snapshot.Find(shape.Collection, desired.AdoptId!) is { } chosen && chosen.Type == shape.Type)
        {
            return chosen;
        }

        var other = Enum.GetValues<TenantCollection>().Select(c => snapshot.Find(c, desired.AdoptId!)).FirstOrDefault(o => o is not null);
        throw other is null
            ? VerdictException.Waiting(Reasons.NotFoundInTenant,
                $"{FieldOf(desired)} names {desired.AdoptId}, and there is no {shape.Type} with that id in the tenant; correct the id, or remove it to have the object made")
            : VerdictException.Stalled(Reasons.InvalidSpec,
                $"{FieldOf(desired)} names {desired.AdoptId}, which is the {other.Type} '{other.DisplayName}'; a {shape.Type} is needed");
    }

    /// <summary>Holds what was located against what the spec names: it must not have two objects for one part.</summary>
    public static (TenantObject? Current, bool Adopting) Verify(DesiredObject desired, (TenantObject? Current, bool Adopting) located) =>
        desired.Adopted is not null && located.Current is { } current && !string.Equals(current.Id, desired.AdoptId, StringComparison.OrdinalIgnoreCase)
            ? throw VerdictException.Stalled(Reasons.Conflict,
                $"{FieldOf(desired)} names {desired.AdoptId}, and {current.Id} ('{current.DisplayName}') plays that part already; remove the entry, or delete that object")
            : located;

    private static string FieldOf(DesiredObject desired) => desired.Adopted is null ? "spec.adoption.id" : $"spec.adoption.objects[{desired.Role}]";

    private static bool Names(SmimePolicy policy, string id) => policy.Spec.Adoption.Objects?.Exists(o => Same(o.Id, id)) == true;

    private static bool Has(SmimePolicy policy, string id) => policy.Status?.Objects?.Exists(o => Same(o.Id, id)) == true;

    private static (DateTime, string, string) Age(SmimePolicy policy) =>
        (policy.Metadata.CreationTimestamp ?? DateTime.MinValue, policy.Metadata.NamespaceProperty, policy.Metadata.Name);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
