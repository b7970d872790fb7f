internal import Synchronization
internal import TrestleCore
internal import TrestleStore

/// Where the events of a run arrive from outside, also before it begins to take them: whoever was answered that an
/// event is received may rely on it.
final class EventInbox: Sendable {
  /// The events that wait.
  let queue = EventQueue()
  private let arrivals = Mutex(0)

  /// What the mock of a webhook service is called.
  static func mockID(of service: String, in workflow: String) -> String {
    "\(workflow)_webhook_\(service)"
  }

  /// Has what is posted to the webhook services of a workflow put into the queue: said before their mocks listen, it
  /// misses nothing. What the run itself posts there is left out.
  func takeWebhooks(
    of workflow: WorkflowDefinition, at mocks: MockLoopClient, in run: String, by clock: RunClock
  ) {
    let ids = Dictionary(
      workflow.webhooks.map { (Self.mockID(of: $0.name, in: workflow.name), $0.name) },
      uniquingKeysWith: { $1 })
    guard !ids.isEmpty else { return }
    mocks.observe { [weak self] event in
      guard let self, let service = ids[event.system], let body = event.postedToWebhook else {
        return
      }
      // What the workflow delivers itself would come back to it for ever.
      guard event.call?.request?.headers[WorkflowStage.runField] != run else { return }
      post(body, to: service, at: clock.now)
    }
  }

  /// Puts an event from outside into the queue.
  func post(_ body: Value, to source: String, at time: Int64) {
    let number = arrivals.withLock { number in
      number += 1
      return number
    }
    queue.put(
      WorkflowEvent(
        posted: body, to: source, id: "arrival \(number) \(RunStore.makeID())", time: time))
  }
}
