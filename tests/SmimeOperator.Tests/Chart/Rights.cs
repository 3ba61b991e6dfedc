using k8s.Models;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>One verb on one resource, with its subresource: the smallest thing that RBAC grants.</summary>
internal sealed record Right(string Group, string Resource, string Verb)
{
    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)}";
}

/// <summary>The rights that a chart grants to its service account, and those of them that were used.</summary>
internal static class Rights
{
    /// <summary>What the roles grant that are bound to the service account. Roles that are bound to nobody are for people.</summary>
    public static IReadOnlySet<Right> GrantedBy(RenderedChart chart)
    {
        var bound = chart.All<V1ClusterRoleBinding>("ClusterRoleBinding").Select(b => (b.RoleRef, b.Subjects))
            .Concat(chart.All<V1RoleBinding>("RoleBinding").Select(b => (b.RoleRef, b.Subjects)))
            .Where(b => b.Subjects.Single().Name == chart.Single<V1ServiceAccount>("ServiceAccount").Metadata.Name)
            .Select(b => (b.RoleRef.Kind, b.RoleRef.Name))
            .ToHashSet();
        var roles = chart.All<V1ClusterRole>("ClusterRole").Select(r => ("ClusterRole", r.Metadata.Name, r.Rules))
            .Concat(chart.All<V1Role>("Role").Select(r => ("Role", r.Metadata.Name, r.Rules)));
        return roles.Where(r => bound.Contains((r.Item1, r.Name))).SelectMany(r => r.Rules).SelectMany(Expand).ToHashSet();
    }

    /// <summary>What a user asked for, granted or not.</summary>
    public static IReadOnlySet<Right> UsedBy(IEnumerable<AuditedRequest> requests) =>
        requests.Select(r => new Right(r.Group, r.Resource, r.Verb)).ToHashSet();

    private static IEnumerable<Right> Expand(V1PolicyRule rule) =>
        from @group in rule.ApiGroups
        from resource in rule.Resources
        from verb in rule.Verbs
        select new Right(@group, resource, verb);
}
