using k8s.Models;
using Microsoft.Extensions.Options;
using SmimeOperator.Hosting;
using SmimeOperator.Runtime;

namespace SmimeOperator.Catalog;

/// <summary>Identifies the cluster: the setting, or the uid of kube-system, which lives as long as the cluster does.</summary>
internal sealed class ClusterIdentity(IOptions<OperatorOptions> options, IObjectReader reader)
{
    private string? _id = options.Value.ClusterId is { Length: > 0 } configured ? configured : null;

    /// <summary>The cluster's id.</summary>
    /// <exception cref="InvalidOperationException">There is no setting, and no kube-system.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_id is { } known)
        {
            return known;
        }

        var system = await reader.GetAsync<V1Namespace>(new NamespacedName("", "kube-system"), cancellationToken);
        return _id = system?.Metadata.Uid
            ?? throw new InvalidOperationException("There is no namespace kube-system to identify the cluster by; set Operator:ClusterId to a name that stays the same.");
    }
}
