using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Who may refer to a Tenant.</summary>
public static class TenantAdmission
{
    /// <summary>Whether resources of a namespace may refer to the Tenant.</summary>
    /// <param name="tenant">The Tenant.</param>
    /// <param name="namespace">The namespace of the resource that refers to it.</param>
    /// <param name="labels">Finds the labels of a namespace; null where it is not known, and then no selector allows it.</param>
    public static bool IsAllowed(Tenant tenant, string @namespace, Func<string, IReadOnlyDictionary<string, string>?> labels)
    {
        if (tenant.Metadata.NamespaceProperty == @namespace)
        {
            return true;
        }

        var allowed = tenant.Spec.AllowedNamespaces;
        return allowed?.Names?.Contains(@namespace) == true
            || (allowed?.Selector is { } selector && labels(@namespace) is { } known && selector.Matches(known));
    }
}
