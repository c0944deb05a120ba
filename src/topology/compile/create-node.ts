import type { NodeDefinition } from '../graph/node-definition.ts'
import { AggregateNode } from '../nodes/aggregate-node.ts'
import { BranchNode } from '../nodes/branch-node.ts'
import { BufferedTableJoinNode, isBuffered } from '../nodes/buffered-table-join-node.ts'
import { CogroupMergeNode } from '../nodes/cogroup-merge-node.ts'
import { CombineNode } from '../nodes/combine-node.ts'
import { DropNullKeysNode } from '../nodes/drop-null-keys-node.ts'
import { DynamicSinkNode } from '../nodes/dynamic-sink-node.ts'
import { FilterNode } from '../nodes/filter-node.ts'
import { FlatMapNode } from '../nodes/flat-map-node.ts'
import { FlatMapValuesNode } from '../nodes/flat-map-values-node.ts'
import { ForeignTableJoinNode } from '../nodes/foreign-table-join-node.ts'
import { JoinWindowNode } from '../nodes/join-window-node.ts'
import type { LiveNode, NodeSite } from '../nodes/live-node.ts'
import { MapNode } from '../nodes/map-node.ts'
import { MapValuesAsyncNode } from '../nodes/map-values-async-node.ts'
import { MapValuesNode } from '../nodes/map-values-node.ts'
import { MergeNode } from '../nodes/merge-node.ts'
import { PassThroughNode } from '../nodes/pass-through-node.ts'
import { PeekNode } from '../nodes/peek-node.ts'
import { ResponseJoinNode } from '../nodes/response-join-node.ts'
import { ProcessNode } from '../nodes/process-node.ts'
import { SelectKeyNode } from '../nodes/select-key-node.ts'
import { SelfJoinNode } from '../nodes/self-join-node.ts'
import { SessionAggregateNode } from '../nodes/session-aggregate-node.ts'
import { SinkNode } from '../nodes/sink-node.ts'
import { SlidingAggregateNode } from '../nodes/sliding-aggregate-node.ts'
import { SourceNode } from '../nodes/source-node.ts'
import { StreamTableJoinNode } from '../nodes/stream-table-join-node.ts'
import { TableAggregateNode } from '../nodes/table-aggregate-node.ts'
import { SubscriptionJoinNode } from '../nodes/subscription-join-node.ts'
import { SubscriptionReceiveNode } from '../nodes/subscription-receive-node.ts'
import { SubscriptionSendNode } from '../nodes/subscription-send-node.ts'
import { SuppressNode } from '../nodes/suppress-node.ts'
import { TableFilterNode } from '../nodes/table-filter-node.ts'
import { TableGroupNode } from '../nodes/table-group-node.ts'
import { TableJoinMergeNode } from '../nodes/table-join-merge-node.ts'
import { TableJoinNode } from '../nodes/table-join-node.ts'
import { TableMapValuesNode } from '../nodes/table-map-values-node.ts'
import { TableSourceNode } from '../nodes/table-source-node.ts'
import { StreamJoinNode } from '../nodes/stream-join-node.ts'
import { TableTransformValuesNode } from '../nodes/table-transform-values-node.ts'
import { ToStreamNode } from '../nodes/to-stream-node.ts'
import { VersionedSourceNode } from '../nodes/versioned-source-node.ts'
import { WindowAggregateNode } from '../nodes/window-aggregate-node.ts'

/** The live node of a definition. */
export function createNode(definition: NodeDefinition, site: NodeSite): LiveNode {
  switch (definition.kind) {
    case 'aggregate':
      return new AggregateNode(definition, site)
    case 'branch':
      return new BranchNode(definition, site)
    case 'cogroup-merge':
      return new CogroupMergeNode(definition, site)
    case 'combine':
      return new CombineNode(definition, site)
    case 'drop-null-keys':
      return new DropNullKeysNode(site)
    case 'dynamic-sink':
      return new DynamicSinkNode(definition, site)
    case 'filter':
      return new FilterNode(definition, site)
    case 'flat-map':
      return new FlatMapNode(definition, site)
    case 'flat-map-values':
      return new FlatMapValuesNode(definition, site)
    case 'foreign-table-join':
      return new ForeignTableJoinNode(definition, site)
    case 'join-window':
      return new JoinWindowNode(definition, site)
    case 'map':
      return new MapNode(definition, site)
    case 'map-values':
      return new MapValuesNode(definition, site)
    case 'map-values-async':
      return new MapValuesAsyncNode(definition, site)
    case 'merge':
      return new MergeNode(site)
    case 'pass-through':
      return new PassThroughNode(site)
    case 'peek':
      return new PeekNode(definition, site)
    case 'response-join':
      return new ResponseJoinNode(definition, site)
    case 'process':
      return new ProcessNode(definition, site)
    case 'select-key':
      return new SelectKeyNode(definition, site)
    case 'self-join':
      return new SelfJoinNode(definition, site)
    case 'session-aggregate':
      return new SessionAggregateNode(definition, site)
    case 'sink':
      return new SinkNode(definition, site)
    case 'sliding-aggregate':
      return new SlidingAggregateNode(definition, site)
    case 'source':
      return new SourceNode(definition, site)
    case 'global-table-join':
      return new StreamTableJoinNode(definition, site)
    case 'stream-table-join':
      return isBuffered(definition)
        ? new BufferedTableJoinNode(definition, site)
        : new StreamTableJoinNode(definition, site)
    case 'table-aggregate':
      return new TableAggregateNode(definition, site)
    case 'subscription-join':
      return new SubscriptionJoinNode(definition, site)
    case 'subscription-receive':
      return new SubscriptionReceiveNode(definition, site)
    case 'subscription-send':
      return new SubscriptionSendNode(definition, site)
    case 'suppress':
      return new SuppressNode(definition, site)
    case 'table-filter':
      return new TableFilterNode(definition, site)
    case 'table-group':
      return new TableGroupNode(definition, site)
    case 'table-join':
      return new TableJoinNode(definition, site)
    case 'table-join-merge':
      return new TableJoinMergeNode(definition, site)
    case 'table-map-values':
      return new TableMapValuesNode(definition, site)
    case 'table-source':
      return new TableSourceNode(definition, site)
    case 'stream-join':
      return new StreamJoinNode(definition, site)
    case 'table-transform-values':
      return new TableTransformValuesNode(definition, site)
    case 'to-stream':
      return new ToStreamNode(site)
    case 'versioned-source':
      return new VersionedSourceNode(definition, site)
    case 'window-aggregate':
      return new WindowAggregateNode(definition, site)
  }
}
