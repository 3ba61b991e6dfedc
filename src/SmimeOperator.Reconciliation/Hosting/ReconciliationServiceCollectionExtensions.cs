using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Registers the reconcilers of the four kinds.</summary>
public static class ReconciliationServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="IResourceReconciler{TEntity, TStatus}"/> for each kind. Needs an <see cref="Intune.IIntuneTenantFactory"/>.</summary>
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Func<double>>(_ => Random.Shared.NextDouble);
        services.TryAddSingleton<TenantPool>();
        services.TryAddSingleton<TenantGate>();
        services.TryAddSingleton<ConnectorKeys>();
        services.TryAddSingleton<Applier>();
        services.TryAddSingleton<ConvergenceGuard>();
        services.TryAddSingleton<BlastRadiusGuard>();
        services.TryAddSingleton<Convergence>();
        services.TryAddSingleton<IResourceReconciler<Tenant, TenantStatus>, TenantReconciler>();
        services.TryAddSingleton<IResourceReconciler<SmimePolicy, SmimePolicyStatus>, PolicyReconciler>();
        services.TryAddSingleton<IResourceReconciler<CertificateImport, CertificateImportStatus>, ImportReconciler>();
        services.TryAddSingleton<IResourceReconciler<Assignment, AssignmentStatus>, AssignmentReconciler>();
        return services;
    }
}
