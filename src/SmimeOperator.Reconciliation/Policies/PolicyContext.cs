using Microsoft.Graph.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What all objects of a policy share: mark, description, scope tags, names.</summary>
internal sealed class PolicyContext(SmimePolicy policy, string clusterId)
{
    public SmimePolicySpec Spec => policy.Spec;

    public DesiredObject Object(string role, ObjectShape shape, string name, Func<OwnershipMark, TenantObject?, Entity> compose) => new()
    {
        Role = role,
        Shape = shape,
        Stage = Roles.StageOf(role),
        Name = name,
        Mark = new OwnershipMark(
            clusterId, $"{SmimePolicy.KubeKind}/{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}", policy.Metadata.Uid ?? "", role),
        Compose = compose,
        AdoptId = Adoption.IdOf(Spec, role),
        Adopted = Adoption.IdOf(Spec, role) is null ? null : new AsFound(),
        AdoptIfUnique = Spec.Adoption.Mode == AdoptionMode.IfUnique && shape != ObjectShapes.StoreApp,
    };

    /// <summary>A text of an object; null where the object is taken over with the texts that it has.</summary>
    public string? TextOf(string role, string text) => Adoption.IdOf(Spec, role) is null ? text : null;

    /// <summary>The name of a certificate profile.</summary>
    public string ProfileName(string label) => $"{Spec.DisplayName} - {label} certificates";

    public T Common<T>(OwnershipMark mark, string displayName, T body)
        where T : DeviceConfiguration
    {
        body.DisplayName = displayName;
        body.Description = mark.AppendTo(Spec.Description);
        body.AdditionalData = ScopeTags();
        return body;
    }

    public Dictionary<string, object> ScopeTags() =>
        Spec.RoleScopeTagIds is { Count: > 0 } tags ? new() { ["roleScopeTagIds"] = tags } : [];
}
