using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What the folder has to know of one of our kinds.</summary>
internal abstract class KindModel(string kind, int deletionOrder)
{
    /// <summary>How specs and statuses are kept in the state file: as the API server would show them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static IReadOnlyDictionary<string, KindModel> All { get; } = new KindModel[]
    {
        new KindModel<Assignment, AssignmentSpec, AssignmentStatus>(Assignment.KubeKind, 0),
        new KindModel<CertificateImport, CertificateImportSpec, CertificateImportStatus>(CertificateImport.KubeKind, 1),
        new KindModel<SmimePolicy, SmimePolicySpec, SmimePolicyStatus>(SmimePolicy.KubeKind, 2),
        new KindModel<Tenant, TenantSpec, TenantStatus>(Tenant.KubeKind, 3),
    }.ToDictionary(k => k.Kind);

    public string Kind { get; } = kind;

    /// <summary>What is deleted first has the lowest number.</summary>
    public int DeletionOrder { get; } = deletionOrder;

    public abstract IKubernetesObject<V1ObjectMeta> With(IKubernetesObject<V1ObjectMeta> entity, V1ObjectMeta metadata, ResourceStatus? status);

    public abstract JsonElement SpecOf(IKubernetesObject<V1ObjectMeta> entity);

    public abstract ResourceStatus? StatusOf(IKubernetesObject<V1ObjectMeta> entity);

    public abstract IKubernetesObject<V1ObjectMeta> Restore(V1ObjectMeta metadata, JsonElement spec, JsonElement? status);

    public static JsonElement ToJson(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), Json);

    /// <summary>The Tenant that a resource names itself; an Assignment names it through its policy.</summary>
    public static ResourceName? TenantOf(IKubernetesObject<V1ObjectMeta> entity)
    {
        var reference = entity switch { SmimePolicy p => p.Spec.TenantRef, CertificateImport i => i.Spec.TenantRef, _ => null };
        return reference is null ? null : new ResourceName(reference.Namespace ?? entity.Metadata.NamespaceProperty, reference.Name);
    }
}

/// <inheritdoc/>
internal sealed class KindModel<TEntity, TSpec, TStatus>(string kind, int deletionOrder) : KindModel(kind, deletionOrder)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>, ISpec<TSpec>, IStatus<TStatus?>, new()
    where TSpec : class
    where TStatus : ResourceStatus
{
    public override IKubernetesObject<V1ObjectMeta> With(IKubernetesObject<V1ObjectMeta> entity, V1ObjectMeta metadata, ResourceStatus? status) =>
        new TEntity { Metadata = metadata, Spec = ((TEntity)entity).Spec, Status = (TStatus?)status };

    public override JsonElement SpecOf(IKubernetesObject<V1ObjectMeta> entity) => ToJson(((TEntity)entity).Spec);

    public override ResourceStatus? StatusOf(IKubernetesObject<V1ObjectMeta> entity) => ((TEntity)entity).Status;

    public override IKubernetesObject<V1ObjectMeta> Restore(V1ObjectMeta metadata, JsonElement spec, JsonElement? status) => new TEntity
    {
        Metadata = metadata,
        Spec = spec.Deserialize<TSpec>(Json)!,
        Status = status?.Deserialize<TStatus>(Json),
    };
}
