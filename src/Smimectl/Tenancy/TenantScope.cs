using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What of all that is stated, or remembered, belongs to one Tenant.</summary>
internal sealed class TenantScope(ResourceName tenant)
{
    /// <summary>What a folder states of it; Secrets and ConfigMaps stay.</summary>
    public FolderContents Of(FolderContents contents)
    {
        var belongs = Filter(contents.Resources.Values.OfType<CustomManifest>().Select(m => m.Entity));
        return contents with { Resources = contents.Resources.Values.Where(m => m is not CustomManifest custom || belongs(custom.Entity)).ToDictionary(m => m.Key) };
    }

    /// <summary>What is remembered of it.</summary>
    public IReadOnlyList<ResourceRecord> Of(IReadOnlyList<ResourceRecord> records)
    {
        var belongs = Filter(records.Select(r => r.Entity));
        return [.. records.Where(r => belongs(r.Entity))];
    }

    private Func<IKubernetesObject<V1ObjectMeta>, bool> Filter(IEnumerable<IKubernetesObject<V1ObjectMeta>> all)
    {
        var policies = all.OfType<SmimePolicy>().Where(p => KindModel.TenantOf(p) == tenant).Select(p => new ResourceName(p.Metadata.NamespaceProperty, p.Metadata.Name)).ToHashSet();
        return entity => entity switch
        {
            Tenant t => new ResourceName(t.Metadata.NamespaceProperty, t.Metadata.Name) == tenant,
            Assignment a => policies.Contains(new ResourceName(a.Metadata.NamespaceProperty, a.Spec.PolicyRef.Name)),
            _ => KindModel.TenantOf(entity) == tenant,
        };
    }
}
