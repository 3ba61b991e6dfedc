using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace SmimeOperator.Tests;

/// <summary>One verb on one resource, with its subresource: the smallest thing that RBAC grants.</summary>
internal sealed record Right(string Group, string Resource, string Verb)
{
    /// <summary>What a request needs, by the rules of https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb.</summary>
    public static Right AskedBy(HttpRequest request)
    {
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = path switch
        {
            ["api", _, .. var core] => ("", core),
            ["apis", var name, _, .. var named] => (name, named),
            _ => ("", []),
        };
        if (rest is ["namespaces", _, _, ..])
        {
            rest = rest[2..];
        }

        return rest switch
        {
            [] => new Right("", request.Path.Value!, request.Method),
            [var collection] => new Right(group, collection, VerbOf(request, isCollection: true)),
            [var resource, _] => new Right(group, resource, VerbOf(request, isCollection: false)),
            [var resource, _, var subresource, ..] => new Right(group, $"{resource}/{subresource}", VerbOf(request, isCollection: false)),
        };
    }

    private static string VerbOf(HttpRequest request, bool isCollection) => request.Method switch
    {
        "GET" when request.Query["watch"] is [var watch] && watch is "true" or "1" => "watch",
        "GET" => isCollection ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => isCollection ? "deletecollection" : "delete",
        var other => other,
    };

    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)}";
}

/// <summary>The rights that a chart grants to its service account.</summary>
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

    private static IEnumerable<Right> Expand(V1PolicyRule rule) =>
        from @group in rule.ApiGroups
        from resource in rule.Resources
        from verb in rule.Verbs
        select new Right(@group, resource, verb);
}
