namespace SmimeOperator.Intune;

/// <summary>What has reached devices of one object, as the service counts it (intune.md §2.5, §8); it may lag behind by hours.</summary>
/// <param name="Devices">By device; null where the service does not say.</param>
/// <param name="Users">By user; null where the service does not say.</param>
public sealed record TenantDelivery(DeliveryNumbers? Devices, DeliveryNumbers? Users);

/// <summary>The service's counts.</summary>
/// <param name="Success">It is there.</param>
/// <param name="Pending">It is on its way.</param>
/// <param name="Failed">It could not be applied.</param>
/// <param name="Error">An error came up.</param>
/// <param name="Conflict">It contradicts another policy.</param>
public sealed record DeliveryNumbers(int Success, int Pending, int Failed, int Error, int Conflict);
