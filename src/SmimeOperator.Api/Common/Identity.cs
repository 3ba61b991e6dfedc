namespace SmimeOperator.Api;

/// <summary>The API group and version of every kind, and the names that other tools see.</summary>
public static class ApiGroup
{
    /// <summary>The API group.</summary>
    public const string Name = "smime-operator.io";

    /// <summary>The API version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version, as manifests write it.</summary>
    public const string ApiVersion = Name + "/" + Version;

    /// <summary>The one finalizer of all kinds.</summary>
    public const string Finalizer = Name + "/finalizer";

    /// <summary>The field manager under which the operator writes status, and nothing else.</summary>
    public const string FieldManager = "smime-operator";
}

/// <summary>The annotations that people and tools may set on our resources.</summary>
public static class Annotations
{
    /// <summary>Asks for one reconciliation; each value is handled once (the Flux key, so that Flux tooling works).</summary>
    public const string ReconcileRequestedAt = "reconcile.fluxcd.io/requestedAt";

    /// <summary>Releases a tripped guard: <c>count/hash</c> as the condition's message says it.</summary>
    public const string ApproveDeletions = ApiGroup.Name + "/approve-deletions";

    /// <summary>Names the user whose certificate an escrow's Secret holds.</summary>
    public const string UserPrincipalName = ApiGroup.Name + "/user-principal-name";
}
